package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.FileCalls;
import io.duramen.wal.os.FileSystemSpace;
import io.duramen.wal.os.FileSystemType;
import io.duramen.wal.os.Platform;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// What the file system of a directory is, and offers; for reports, asked anew each time.
///
/// @param directory the directory asked about
/// @param type the file system's name, such as `ext4`, `xfs`, `btrfs`, `tmpfs`, `overlay`, `fuse`
///     or `nfs`; its number in hexadecimal where that has no name here
/// @param isNetwork whether other machines share it; then locks and syncs are only as good as
///     theirs
/// @param directAlignment what it asks of direct transfers; empty where it does none, or where that
///     could not be found out
/// @param directIo the same as a sentence, with the reason where there is one
/// @param deviceBlockBytes the logical block of the device below; empty where there is not one
///     device, as for memory, a network or several disks
/// @param totalBytes its size; empty where it has no limit of its own
/// @param usableBytes what this process may still allocate; empty as before
public record FileSystemFacts(Path directory, String type, boolean isNetwork,
        Optional<DirectAlignment> directAlignment, String directIo, OptionalInt deviceBlockBytes,
        OptionalLong totalBytes, OptionalLong usableBytes) {
    private static final int OWNER_ONLY = 0600;

    /// As FileStore names those that other machines share, on systems other than Linux.
    private static final Set<String> ON_THE_NETWORK =
            Set.of("nfs", "nfs3", "nfs4", "smbfs", "cifs", "afpfs", "webdav", "9p");

    /// Writes nothing: what needs a file to ask about uses one without a name, which goes when it
    /// has been asked.
    ///
    /// @param directory one that exists
    /// @throws WalException.Io where it cannot be looked at
    public static FileSystemFacts of(Path directory) {
        if (!Platform.isSupported()) {
            return ofFileStore(directory);
        }
        try (Descriptor opened = Descriptor.open(
                directory, FileCalls.O_RDONLY | FileCalls.O_DIRECTORY, 0)) {
            FileSystemType type = FileSystemType.of(opened);
            FileSystemSpace space = FileSystemSpace.of(opened);
            Direct direct = Direct.of(directory);
            return new FileSystemFacts(directory, type.name(), type.isNetwork(),
                    direct.alignment(), direct.sentence(), BlockDevice.logicalBlockBytes(directory),
                    space.hasLimit() ? OptionalLong.of(space.totalBytes()) : OptionalLong.empty(),
                    space.hasLimit() ? OptionalLong.of(space.usableBytes())
                            : OptionalLong.empty());
        }
    }

    /// As the JDK knows it, on other systems.
    static FileSystemFacts ofFileStore(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            return new FileSystemFacts(directory, store.type(),
                    ON_THE_NETWORK.contains(store.type()), Optional.empty(),
                    "direct I/O is offered on Linux only", OptionalInt.empty(),
                    OptionalLong.of(store.getTotalSpace()),
                    OptionalLong.of(store.getUsableSpace()));
        } catch (IOException refused) {
            throw JdkFailure.of("statfs", directory, refused);
        }
    }

    private record Direct(Optional<DirectAlignment> alignment, String sentence) {
        static Direct of(Path directory) {
            try (Descriptor unnamed = Descriptor.open(directory,
                    FileCalls.O_RDWR | FileCalls.O_TMPFILE, OWNER_ONLY)) {
                return ofFile(directory, unnamed);
            } catch (WalException.Io refused) {
                return new Direct(Optional.empty(), "it is not known whether direct I/O works: "
                        + refused.getMessage());
            }
        }

        private static Direct ofFile(Path directory, Descriptor unnamed) {
            try (Descriptor _ = Descriptor.open(directory, FileCalls.O_RDWR | FileCalls.O_TMPFILE
                    | FileCalls.O_DIRECT, OWNER_ONLY)) {
                DirectAlignment asked = DirectOpening.alignment(unnamed);
                return new Direct(Optional.of(asked), "direct I/O works, with buffers at multiples"
                        + " of " + asked.memoryBytes() + " bytes, offsets and lengths of "
                        + asked.offsetBytes());
            } catch (WalException refused) {
                return new Direct(Optional.empty(),
                        "no direct I/O: " + refused.getMessage());
            }
        }
    }
}
