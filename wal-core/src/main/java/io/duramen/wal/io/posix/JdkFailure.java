package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/// Failures of Java's own file API, which knows the error number and does not tell it. Its
/// exceptions tell the common ones, and a few more are in their words; what is left has the
/// number 0.
final class JdkFailure {
    private JdkFailure() {}

    /// What the exception is about, as errno(3) has it.
    private record Error(int number, String words) {
        static Error of(IOException exception) {
            return switch (exception) {
                case NoSuchFileException _ -> new Error(2, "ENOENT: No such file or directory");
                case AccessDeniedException _ -> new Error(13, "EACCES: Permission denied");
                case FileAlreadyExistsException _ -> new Error(17, "EEXIST: File exists");
                case NotDirectoryException _ -> new Error(20, "ENOTDIR: Not a directory");
                default -> ofWords(wordsOf(exception));
            };
        }

        /// As strerror(3) has them in the C locale, on Linux and macOS.
        private static Error ofWords(String words) {
            return switch (words) {
                case "Not a directory" -> new Error(20, "ENOTDIR: " + words);
                case "Invalid argument" -> new Error(22, "EINVAL: " + words);
                case "No space left on device" -> new Error(28, "ENOSPC: " + words);
                default -> new Error(0, words);
            };
        }

        private static String wordsOf(IOException exception) {
            String words = exception instanceof FileSystemException named ? named.getReason()
                    : exception.getMessage();
            return words == null ? exception.toString() : words;
        }
    }

    static WalException.Io of(String call, Path path, IOException exception) {
        return of(call, path, exception, "");
    }

    /// @param more what else there is to say, as an end of the sentence
    static WalException.Io of(String call, Path path, IOException exception, String more) {
        Error error = Error.of(exception);
        var failure = new WalException.Io(call, path, error.number(), error.words() + more);
        failure.initCause(exception);
        return failure;
    }
}
