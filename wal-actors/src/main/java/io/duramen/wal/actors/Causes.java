package io.duramen.wal.actors;

import java.util.concurrent.CompletionException;

/// What really went wrong in work that ran on another thread.
final class Causes {
    private Causes() {
    }

    static Throwable of(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause() : failure;
    }
}
