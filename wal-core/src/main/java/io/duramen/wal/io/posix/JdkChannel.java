package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.UseCount;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/// A channel of the JDK that blocks, stays open while it is in use, and that no interrupt closes.
///
/// Any thread may call. Failures are thrown as `WalException.Io`.
final class JdkChannel implements OpenFile, AutoCloseable {
    /// A byte buffer cannot be longer than an int says.
    private static final long TRANSFER_BYTES_MAX = 1 << 30;

    private final Path path;
    private final AsynchronousFileChannel channel;
    private final UseCount uses = new UseCount();

    private JdkChannel(Path path, AsynchronousFileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// What a channel is asked, while it is in use.
    interface Question<T> {
        T ask(AsynchronousFileChannel channel) throws IOException;
    }

    static JdkChannel open(Path path, Set<OpenOption> options) {
        try {
            return new JdkChannel(path,
                    AsynchronousFileChannel.open(path, options, CallersExecutor.INSTANCE));
        } catch (IOException refused) {
            throw JdkFailure.of("open", path, refused);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean tryUse() {
        return uses.tryBegin();
    }

    @Override
    public void use() {
        if (!uses.tryBegin()) {
            throw new WalException.Closed(path.toString());
        }
    }

    @Override
    public void endUse() {
        if (uses.end()) {
            giveBack();
        }
    }

    /// Asks the channel something, as the call of this name would.
    <T> T call(String call, Question<T> question) {
        use();
        try {
            return ask(call, question);
        } finally {
            endUse();
        }
    }

    /// As [#call(String, Question)], for who has it in use.
    private <T> T ask(String call, Question<T> question) {
        try {
            return question.ask(channel);
        } catch (IOException failed) {
            throw JdkFailure.of(call, path, failed);
        } catch (NonWritableChannelException | NonReadableChannelException refused) {
            throw new WalException.Io(call, path, Errno.EBADF,
                    "EBADF: it is not open for this (" + refused + ")");
        }
    }

    @Override
    public long pread(MemorySegment into, long offset) {
        return read("pread", into, offset);
    }

    /// One piece at a time.
    @Override
    public long preadv(List<MemorySegment> pieces, long offset) {
        return read("preadv", pieces.getFirst(), offset);
    }

    private long read(String call, MemorySegment into, long offset) {
        int read = ask(call, open -> result(open.read(buffer(into), offset)));
        return Math.max(0, read); // -1 at the end of the file
    }

    @Override
    public long pwrite(MemorySegment bytes, long offset) {
        return write("pwrite", bytes, offset);
    }

    /// One piece at a time.
    @Override
    public long pwritev(List<MemorySegment> pieces, long offset) {
        return write("pwritev", pieces.getFirst(), offset);
    }

    private long write(String call, MemorySegment bytes, long offset) {
        return ask(call, open -> result(open.write(buffer(bytes), offset)));
    }

    private static ByteBuffer buffer(MemorySegment bytes) {
        if (!bytes.isNative()) {
            throw new IllegalArgumentException("the bytes are on the heap: " + bytes);
        }
        return bytes.asSlice(0, Math.min(TRANSFER_BYTES_MAX, bytes.byteSize())).asByteBuffer();
    }

    /// Of a transfer on this thread, which has ended.
    private static int result(Future<Integer> transfer) throws IOException {
        if (transfer.state() == Future.State.SUCCESS) {
            return transfer.resultNow();
        }
        switch (transfer.exceptionNow()) {
            case IOException failed -> throw failed;
            case RuntimeException refused -> throw refused;
            case Throwable other -> throw new IOException(other);
        }
    }

    @Override
    public int fdatasync() {
        return force("fdatasync", false);
    }

    @Override
    public int fsync() {
        return force("fsync", true);
    }

    /// By writing: nobody else writes to the range meanwhile.
    @Override
    public int fallocate(long offset, long lengthBytes) {
        if (offset < 0 || lengthBytes <= 0) {
            return -Errno.EINVAL;
        }
        try {
            new SpaceByWriting(this, DirectAlignment.NONE).allocateInUse(offset, lengthBytes);
            return 0;
        } catch (WalException.Io failed) {
            var failure = new WalException.Io("fallocate", path, failed.errno(),
                    "it is done by writing, and " + failed.getMessage());
            failure.initCause(failed);
            throw failure;
        }
    }

    private int force(String call, boolean withMetadata) {
        return ask(call, open -> {
            open.force(withMetadata);
            return 0;
        });
    }

    @Override
    public void close() {
        if (uses.close()) {
            giveBack();
        }
    }

    /// What must be on the device was synced before, so a failure here says nothing anyone could
    /// act on; see [io.duramen.wal.os.Descriptor].
    private void giveBack() {
        try {
            channel.close();
        } catch (IOException failed) {
            assert !channel.isOpen() : "a channel is closed also when that fails";
        }
    }
}
