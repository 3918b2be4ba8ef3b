package io.duramen.wal.log;

import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;

/// A process that appends until it is killed, and prints what was acknowledged, one line each:
/// `opening`, `open <entries>`, then `<id> <digest>;`. A line without its end says
/// nothing.
final class KilledWriter {
    /// Small, so that rotating, preparing and sealing are under way whenever the process is killed.
    static final LogSettings SETTINGS = LogSettings.defaults().withFragmentSizeBytes(16 << 10)
            .withFragmentEntriesMax(60);
    private static final int PAYLOAD_BYTES_MAX = 700;

    private KilledWriter() {
    }

    /// @param args base path, log id, seed, threads, durability
    public static void main(String[] args) {
        long seed = Long.parseLong(args[2]);
        LogSettings settings = SETTINGS.withDurability(Durability.valueOf(args[4]));
        say("opening");
        DiskLog log = DiskLog.open(Path.of(args[0]), LogId.of(args[1]), settings);
        say("open " + log.nextId());
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            Random random = new Random(seed + i);
            Thread.ofPlatform().start(() -> append(log, random));
        }
    }

    private static void append(DiskLog log, Random random) {
        while (true) {
            byte[] payload = new byte[random.nextInt(PAYLOAD_BYTES_MAX)];
            random.nextBytes(payload);
            Durability durability = random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN;
            long id = log.append(Payload.of(payload), durability);
            say(id + " " + digest(payload) + ";");
        }
    }

    static String digest(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        return payload.length + "-" + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
