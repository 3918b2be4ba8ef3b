package io.duramen.wal.tools;

import io.duramen.wal.streams.WalEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// An object for each entry, on a line of its own: `id`, `timestamp`, `size`, and the whole payload
/// as `text` where it is valid UTF-8, else as `base64`.
final class JsonFormat implements EntryFormat {
    @Override
    public void print(WalEntry entry, OutputStream out) throws IOException {
        byte[] payload = entry.bytes().toArrayUnsafe();
        JsonObject object = new JsonObject().put("id", entry.id())
                .put("timestamp", entry.timestamp().toString()).put("size", payload.length);
        CharBuffer text = decode(payload);
        if (text != null) {
            object.put("text", text);
        } else {
            object.put("base64", Base64.getEncoder().encodeToString(payload));
        }
        out.write(object.toString().getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    private static CharBuffer decode(byte[] payload) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
