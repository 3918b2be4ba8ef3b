package io.duramen.wal.probe;

import io.duramen.wal.WalException;

/// That a thread was told to stop: what is under way then may fail for that alone.
public final class Interruption {
    private Interruption() {}

    /// Throws nothing where this thread was not interrupted.
    ///
    /// @throws InterruptedException where it was; it is not any more then
    public static void check() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while measuring");
        }
    }

    /// The failure to throw, where this thread was not interrupted.
    ///
    /// @throws InterruptedException where it was; it is not any more then
    public static WalException orFailure(WalException failure) throws InterruptedException {
        check();
        return failure;
    }
}
