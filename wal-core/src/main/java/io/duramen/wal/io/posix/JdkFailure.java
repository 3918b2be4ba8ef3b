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
/// exceptions tell the common ones, and two more are in their words; what is left has the number
/// 0.
final class JdkFailure {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EEXIST = 17;
    private static final int ENOTDIR = 20;
    private static final int ENOSPC = 28;

    private JdkFailure() {}

    static WalException.Io of(String call, Path path, IOException exception) {
        WalException.Io failure = switch (exception) {
            case NoSuchFileException _ ->
                    new WalException.Io(call, path, ENOENT, "ENOENT: No such file or directory");
            case NotDirectoryException _ ->
                    new WalException.Io(call, path, ENOTDIR, "ENOTDIR: Not a directory");
            case AccessDeniedException _ ->
                    new WalException.Io(call, path, EACCES, "EACCES: Permission denied");
            case FileAlreadyExistsException _ ->
                    new WalException.Io(call, path, EEXIST, "EEXIST: File exists");
            default -> {
                String words = words(exception);
                yield new WalException.Io(call, path, errno(words), words);
            }
        };
        failure.initCause(exception);
        return failure;
    }

    private static String words(IOException exception) {
        String reason = exception instanceof FileSystemException named ? named.getReason()
                : exception.getMessage();
        return reason == null ? exception.toString() : reason;
    }

    /// Of words as strerror(3) has them in the C locale, on Linux and macOS.
    private static int errno(String words) {
        if (words.contains("No space left on device")) {
            return ENOSPC;
        }
        return words.contains("Not a directory") ? ENOTDIR : 0;
    }
}
