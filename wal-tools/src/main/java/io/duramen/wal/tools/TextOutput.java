package io.duramen.wal.tools;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// Where a command's text goes. A writer only tells that it failed; this remembers why.
final class TextOutput extends FilterOutputStream {
    private IOException failure;

    TextOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException failed) {
            failure = failure == null ? failed : failure;
            throw failed;
        }
    }

    /// The first failure, unless it is that nobody reads any more.
    Optional<IOException> failure() {
        return Optional.ofNullable(failure).filter(cause -> !ClosedPipe.isMeantBy(cause));
    }
}
