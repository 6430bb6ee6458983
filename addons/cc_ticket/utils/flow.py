# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Flows as graphs: ``{step: [steps that may follow]}``."""


def find_circle(edges):
    """:return: steps of a circle in walking order, its first one again at the end; None without any"""
    done, path = set(), []

    def walk(step):
        if step in path:
            return [*path[path.index(step) :], step]
        if step in done:
            return None
        path.append(step)
        for target in edges.get(step, ()):
            circle = walk(target)
            if circle:
                return circle
        path.pop()
        done.add(step)
        return None

    for step in edges:
        circle = walk(step)
        if circle:
            return circle
    return None


def flow_levels(steps, edges):
    """In which column each step is drawn: behind all that lead to it.

    :return: ``{step: level from 0}``; with a circle in it (a flow that is being drawn), the order of the list
    """
    if find_circle(edges):
        return {step: index for index, step in enumerate(steps)}
    levels = dict.fromkeys(steps, 0)
    # as many rounds as there are steps: the longest way has no more
    for _round in steps:
        moved = False
        for step in steps:
            for target in edges.get(step, ()):
                if target in levels and levels[target] <= levels[step]:
                    levels[target] = levels[step] + 1
                    moved = True
        if not moved:
            break
    return levels
