package io.duramen.wal.io.posix;

import io.duramen.wal.io.IoResult;
import java.util.function.Consumer;

/// An accepted chain and who wants to know its end.
record Submission(HeldChain chain, Consumer<IoResult> whenComplete) {}
