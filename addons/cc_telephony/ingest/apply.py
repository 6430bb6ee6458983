# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""From a request's facts to rows: once each, in order, one bad fact harming no other."""

import logging

from psycopg2 import InterfaceError, OperationalError

from ..utils.contract import forms
from ..utils.times import from_us, now, now_us
from . import form
from .batch import Batch
from .errors import EpochError, FactError
from .handlers import attempt
from .kinds import Turn

_logger = logging.getLogger(__name__)

# of what a bridge says about its troubles
MOST_LINES, MOST_TEXT = 20, 500


def apply_request(env, pbx, epoch, facts, health, after=None):
    """Apply one request of a bridge. To be called first thing in a READ COMMITTED transaction.

    :param env: environment of the superuser: a bridge has no user, its token was checked
    :param list facts: dicts with rising `seq`
    :param dict health: `{"spool": n, "t": µs, "uploads": n}`, and in trouble `"spool_error": text`,
        `"left_out": [text, …]`
    :param after: what the bridge believes to be applied already; None from one that doesn't say
    :return: `(seq, rejected)`: number of the last fact applied, how many were set aside
    :raise EpochError: a newer bridge has said hello, or this database is older than the bridge thinks
    """
    cursor = env["cc.pbx.cursor"]._lock(pbx)
    if epoch != cursor.epoch:
        raise EpochError(cursor.epoch)
    if type(after) is int and after > cursor.seq:
        # restored from a backup of the same epoch: a new hello tells the bridge from where to send again
        raise EpochError(cursor.epoch, f"facts are applied up to {cursor.seq} only")
    facts = [fact for fact in facts if fact["seq"] > cursor.seq]
    kinds = pbx._cc_fact_kinds()
    good, rejected = [], []
    for fact in facts:
        try:
            form.check_fact(fact, pbx.uuid, kinds)
            good.append(fact)
        except FactError as error:
            rejected.append((fact, str(error)))
    batch, failed = _apply(env, pbx, good, kinds)
    rejected += failed
    _set_aside(env, pbx, rejected)
    batch.send()
    env.flush_all()
    # the very last write: who waits for this row finds the batch whole
    cursor.write(
        {
            **_health_vals(health),
            **batch.cursor_vals,
            **({"seq": facts[-1]["seq"]} if facts else {}),
            **_last_fact_vals(facts),
        }
    )
    cursor.flush_recordset()
    return cursor.seq, len(rejected)


def _apply(env, pbx, facts, kinds):
    """All facts plainly; if that fails, again with one flushing savepoint each.

    :return: the batch with its messages, and `(fact, error)` of those that failed
    """
    whole, failed = Batch(env, pbx, []), []
    try:
        with attempt(whole):
            for part in _parts(facts, kinds):
                _apply_part(whole, pbx, part, kinds)
        return whole, failed
    except (OperationalError, InterfaceError):
        raise  # a conflict or a lost database is no fault of a fact: Odoo repeats the request
    except Exception as error:
        _logger.info("Batch of %d facts of PBX %s goes one by one: %s", len(facts), pbx.code, error)
    for fact in facts:
        try:
            with attempt(whole):
                _apply_part(whole, pbx, [fact], kinds)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _logger.info(
                "Fact %s (%s) of PBX %s is set aside: %s",
                fact["seq"],
                fact["kind"],
                pbx.code,
                error,
                exc_info=not isinstance(error, FactError),
            )
            failed.append((fact, str(error) or type(error).__name__))
    return whole, failed


def _parts(facts, kinds):
    """Facts in lists that are applied at once: one ends where a fact wants its turn."""
    part = []
    for fact in facts:
        if kinds[fact["kind"]].turn is Turn.IN_TURN:
            if part:
                yield part
            yield [fact]
            part = []
        else:
            part.append(fact)
    if part:
        yield part


def _apply_part(whole, pbx, facts, kinds):
    """Apply facts that stand together, and give to `whole` what they want sent."""
    batch = Batch(whole.env, pbx, facts)
    batch.cursor_vals.update(whole.cursor_vals)
    together = {kind.apply: [] for kind in kinds.values() if kind.turn is Turn.TOGETHER}
    single = []
    for fact in facts:
        kind = kinds[fact["kind"]]
        if kind.turn is Turn.TOGETHER:
            together[kind.apply].append(fact)
        elif kind.apply:
            single.append((kind.apply, fact))
    for method, of_kind in together.items():
        if of_kind:
            getattr(pbx, method)(batch, of_kind)
    for method, fact in single:
        getattr(pbx, method)(batch, fact)
    batch.marks.insert(batch.env)
    whole.take(batch)


def _set_aside(env, pbx, rejected):
    if not rejected:
        return
    env["cc.fact.rejected"].create(
        [
            {
                "pbx_id": pbx.id,
                "epoch": _small_int(fact.get("epoch")),
                "seq": fact["seq"],
                "kind": form.storable(str(fact.get("kind"))[:64]),
                "call_uid": _call_uid(fact),
                "happened_at": from_us(fact["t"]) if form.is_time(fact.get("t")) else False,
                "fact": form.storable(fact),
                "error": form.storable(error),
            }
            for fact, error in rejected
        ]
    )


def _small_int(value):
    return value if type(value) is int and 0 <= value < 2**31 else 0


def _call_uid(fact):
    body = fact.get("call")
    uid = body.get("call_uid") if isinstance(body, dict) else None
    return uid if isinstance(uid, str) and forms.UUID.fullmatch(uid) else False


def _text(value):
    return form.storable(value[:MOST_TEXT]) if isinstance(value, str) and value else False


def _lines(value):
    texts = [_text(line) for line in value[:MOST_LINES]] if isinstance(value, list) else []
    return "\n".join(line for line in texts if line) or False


def _health_vals(health):
    clock = now_us()
    vals = {
        "heard_at": now(),
        "spool_error": _text(health.get("spool_error")),
        "left_out": _lines(health.get("left_out")),
    }
    for name in ("spool", "uploads"):
        if name in health:
            vals[name] = _small_int(health[name])
    if form.is_time(health.get("t")) and health.get("t"):
        vals["skew_s"] = (health["t"] - clock) / 1_000_000
    return vals


def _last_fact_vals(facts):
    times = [fact["t"] for fact in facts if form.is_time(fact.get("t")) and fact.get("t")]
    if not times:
        return {}
    return {
        "last_fact_at": from_us(max(times)),
        "lag_s": max(now_us() - max(times), 0) / 1_000_000,
    }


def retry_rejected(row):
    """Apply a fact that was set aside once more.

    :param row: one open cc.fact.rejected, as superuser
    """
    fact, pbx = row.fact, row.pbx_id
    kinds = pbx._cc_fact_kinds()
    batch = Batch(row.env, pbx, [])
    try:
        form.check_fact(fact, pbx.uuid, kinds)
        with attempt(batch):
            _apply_part(batch, pbx, [fact], kinds)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        row.error = form.storable(str(error)) or type(error).__name__
        return
    batch.send()
    row.state = "applied"
