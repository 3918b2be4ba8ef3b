package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.AccessAdvice;
import io.duramen.wal.io.CopyResult;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.OpenFileOwner;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/// A file behind channels of the JDK: what it cannot do answers as the contract of [IoFile] has it
/// for a system that cannot.
///
/// A mapping ends where the file does.
final class JdkFile implements IoFile, OpenFileOwner {
    private final JdkChannel channel;
    private final JdkMappings mappings;

    private JdkFile(JdkChannel channel, JdkMappings mappings) {
        this.channel = channel;
        this.mappings = mappings;
    }

    /// @param options how the first channel is opened; a second opens what the first may have
    ///     created
    static JdkFile open(Path path, Set<OpenOption> options) {
        JdkChannel channel = JdkChannel.open(path, options);
        try {
            Set<OpenOption> existing = new HashSet<>(options);
            existing.remove(StandardOpenOption.CREATE_NEW);
            return new JdkFile(channel, new JdkMappings(path, existing));
        } catch (RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    @Override
    public OpenFile openFile() {
        return channel;
    }

    @Override
    public Path path() {
        return channel.path();
    }

    @Override
    public long sizeBytes() {
        return channel.call("fstat", AsynchronousFileChannel::size);
    }

    @Override
    public void allocate(long offset, long lengthBytes) {
        byWriting().allocate(offset, lengthBytes);
    }

    @Override
    public void reserve(long offset, long lengthBytes) {
        channel.call("fallocate", _ -> null); // a closed file is reported all the same
        throw new WalException.Unsupported("the JDK cannot give " + path()
                + " blocks without making it longer");
    }

    @Override
    public void zero(long offset, long lengthBytes) {
        byWriting().zero(offset, lengthBytes);
    }

    private SpaceByWriting byWriting() {
        return new SpaceByWriting(channel, DirectAlignment.NONE);
    }

    @Override
    public void resize(long sizeBytes) {
        long before = sizeBytes();
        if (sizeBytes < before) {
            channel.call("ftruncate", open -> open.truncate(sizeBytes));
        } else if (sizeBytes > before) {
            byWriting().zero(sizeBytes - 1, 1);
        }
    }

    @Override
    public long punchHole(long offset, long lengthBytes) {
        return channel.call("fallocate", _ -> 0L);
    }

    @Override
    public long dataFrom(long offset) {
        return channel.call("lseek", _ -> offset);
    }

    @Override
    public CopyResult copyTo(long offset, long lengthBytes, IoFile target, long targetOffset) {
        if (!(target instanceof JdkFile other)) {
            throw new IllegalArgumentException(
                    target.path() + " was not opened by the disk of " + path());
        }
        channel.use();
        try {
            other.channel.use();
            try {
                return new CopyResult(0, new FileCopy(
                        channel, offset, lengthBytes, other.channel, targetOffset).byProcess());
            } finally {
                other.channel.endUse();
            }
        } finally {
            channel.endUse();
        }
    }

    @Override
    public boolean advise(long offset, long lengthBytes, AccessAdvice advice) {
        return channel.call("posix_fadvise", _ -> false);
    }

    @Override
    public boolean startWriteback(long offset, long lengthBytes) {
        return channel.call("sync_file_range", _ -> false);
    }

    /// The JDK's locks belong to the process, and end when it closes any channel to the file.
    @Override
    public void share() {
        channel.call("fcntl", _ -> null); // a closed file is reported all the same
    }

    @Override
    public boolean mayBeShared() {
        return channel.call("fcntl", _ -> true);
    }

    @Override
    public MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena) {
        return mappings.map(mode, offset, sizeBytes, arena);
    }

    @Override
    public boolean advise(MemorySegment mapping, long offset, long lengthBytes,
            MappingAdvice advice) {
        mapping.asSlice(offset, lengthBytes); // what lies outside is refused all the same
        return false;
    }

    @Override
    public DirectAlignment directAlignment() {
        return DirectAlignment.NONE;
    }

    @Override
    public void close() {
        channel.close();
        mappings.close();
    }

    @Override
    public String toString() {
        return path().toString();
    }
}
