package io.duramen.wal.killed;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Appended;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/// What a process that is to be killed tells on its standard output, line by line and at once:
/// `opening`, `open <next id>`, then for each acknowledgement `<first id> <digest> <digest> ...;`,
/// for each refusal `refused <which>;`. One that truncates tells `truncating <last id> <digest>
/// <digest> ...;` before it asks for that and for what it appends behind, and then
/// `truncated <next id>;`.
/// A line without its end says nothing.
public final class WriterOutput {
    static final String OPENING = "opening";
    static final String OPEN = "open ";
    static final String REFUSED = "refused ";
    static final String TRUNCATING = "truncating ";
    static final String TRUNCATED = "truncated ";
    static final String END = ";";
    private static final int PAYLOAD_BYTES_MAX = 700;

    private WriterOutput() {}

    public static void opening() {
        say(OPENING);
    }

    public static void open(long nextId) {
        say(OPEN + nextId);
    }

    /// @param payloads those of the entries acknowledged, in order
    public static void acknowledged(Appended appended, List<byte[]> payloads) {
        if (payloads.size() != appended.lastId() - appended.firstId() + 1) {
            throw new IllegalStateException(appended + " is about " + payloads.size());
        }
        say(appended.firstId() + digests(payloads) + END);
    }

    private static String digests(List<byte[]> payloads) {
        return payloads.stream().map(payload -> " " + digest(payload))
                .collect(Collectors.joining());
    }

    /// Nothing that was appended before is unanswered.
    ///
    /// @param after those of the entries that are appended behind it
    public static void truncating(long lastId, List<byte[]> after) {
        say(TRUNCATING + lastId + digests(after) + END);
    }

    public static void truncated(long nextId) {
        say(TRUNCATED + nextId + END);
    }

    public static void refused(WalException why) {
        say(REFUSED + why.getClass().getSimpleName() + END);
    }

    /// Something to append, of any size that is not large.
    public static byte[] anyPayload(Random random) {
        byte[] payload = new byte[random.nextInt(PAYLOAD_BYTES_MAX)];
        random.nextBytes(payload);
        return payload;
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
