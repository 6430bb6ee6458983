# Where Podman keeps images and containers of the tests: below .cache, its own settings for a machine without systemd.
# Sourced by bash; the folder is that of scripts/lib.sh.
: "${CACHE:?}"
mkdir -p "$CACHE/containers"
cat > "$CACHE/containers/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
CONF
cat > "$CACHE/containers/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$CACHE/containers/graph"
runroot = "/run/cc-containers"
CONF
export CONTAINERS_CONF=$CACHE/containers/containers.conf CONTAINERS_STORAGE_CONF=$CACHE/containers/storage.conf
