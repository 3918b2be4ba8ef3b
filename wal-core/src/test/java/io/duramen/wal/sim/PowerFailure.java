package io.duramen.wal.sim;

/// The machine is off: whatever runs on it ends here.
final class PowerFailure extends Error {
    private static final long serialVersionUID = 1L;

    PowerFailure() {
        super("the power failed", null, false, false);
    }
}
