# Where Podman keeps images, containers, networks and locks of the tests: below .cache and in a folder of /run of this
# cache's own; its settings are for a machine without systemd. Sourced by bash; the folder is that of scripts/lib.sh.
: "${CACHE:?}"
cc_run=/run/cc-$(printf %s "$CACHE" | sha256sum | cut -c1-8)
mkdir -p "$CACHE/containers"
cat > "$CACHE/containers/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "$cc_run/libpod"
[network]
network_backend = "netavark"
network_config_dir = "$CACHE/containers/networks"
CONF
cat > "$CACHE/containers/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$CACHE/containers/graph"
runroot = "$cc_run/storage"
CONF
export CONTAINERS_CONF=$CACHE/containers/containers.conf CONTAINERS_STORAGE_CONF=$CACHE/containers/storage.conf
