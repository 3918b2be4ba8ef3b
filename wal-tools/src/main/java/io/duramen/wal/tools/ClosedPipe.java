package io.duramen.wal.tools;

import java.io.IOException;

/// That who read our output has gone, as `head` does: nobody is left to tell, and nothing is wrong.
final class ClosedPipe {
    private ClosedPipe() {}

    static boolean isMeantBy(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("Broken pipe") || message.contains("Pipe closed");
    }
}
