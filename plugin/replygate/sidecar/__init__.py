"""The sidecar: the gate as a service over HTTP. See `docs/sidecar.md`."""
