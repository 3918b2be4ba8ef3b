package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/// What a device holds when the power comes back.
///
/// @param contents of each file by its name, in order; null for a directory
record SimImage(Map<Path, byte[]> contents) {
    /// Names of files that nobody reads again.
    private static final String EVIDENCE = "torn_";

    /// Two images with the same are taken for the same.
    long fingerprint() {
        CRC32C castagnoli = new CRC32C();
        CRC32 other = new CRC32();
        contents.forEach((path, content) -> {
            update(castagnoli, path, content);
            update(other, path, content);
        });
        return castagnoli.getValue() << 32 | other.getValue();
    }

    private static void update(Checksum checksum, Path path, byte[] content) {
        checksum.update(path.toString().getBytes(UTF_8));
        checksum.update(content == null ? 'd' : 'f');
        if (content != null && !path.getFileName().toString().startsWith(EVIDENCE)) {
            checksum.update(content);
        }
    }
}
