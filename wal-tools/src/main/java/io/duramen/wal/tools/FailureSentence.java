package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/// A failure in one sentence, for who runs the command.
final class FailureSentence {
    private FailureSentence() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case WalException named -> oneLine(named.getMessage());
            case CommandFailure said -> oneLine(said.getMessage());
            case UncheckedIOException wrapper -> of(wrapper.getCause());
            case CompletionException wrapper when wrapper.getCause() != null ->
                    of(wrapper.getCause());
            case FileSystemException file -> file.getFile() + ": " + reason(file);
            case IOException io -> oneLine(String.valueOf(io.getMessage()));
            case OutOfMemoryError error -> "out of memory (" + oneLine(error.getMessage())
                    + "): split the input into smaller entries, or raise -Xmx in WAL_JAVA_OPTS";
            default -> "this should not happen, please report it with the output of --verbose: "
                    + oneLine(failure.toString());
        };
    }

    /// What the exception says; its kind in words where it says nothing, as `NoSuchFileException`.
    private static String reason(FileSystemException file) {
        if (file.getReason() != null) {
            return file.getReason();
        }
        String kind = file.getClass().getSimpleName().replaceFirst("Exception$", "");
        return kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
