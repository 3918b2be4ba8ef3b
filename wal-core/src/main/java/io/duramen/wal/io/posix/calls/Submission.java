package io.duramen.wal.io.posix.calls;

import io.duramen.wal.io.IoResult;
import java.util.function.Consumer;

/// An accepted chain and who wants to know its end.
public record Submission(HeldChain chain, Consumer<IoResult> whenComplete) {
    /// Calls back. What the callback throws is logged, an interrupt it leaves is dropped: neither
    /// is for the chain that comes next on this thread.
    public void tell(IoResult result, System.Logger log) {
        try {
            whenComplete.accept(result);
        } catch (Throwable thrown) {
            log.log(System.Logger.Level.ERROR,
                    "a completion callback threw, which it must not", thrown);
        }
        boolean _ = Thread.interrupted();
    }
}
