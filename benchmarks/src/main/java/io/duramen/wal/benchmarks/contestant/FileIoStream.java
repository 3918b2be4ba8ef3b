package io.duramen.wal.benchmarks.contestant;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A file of Pekko Streams' own: `FileIO.toPath`, and `FileIO.fromPath` with `Framing.lengthField`.
/// Elements carry a length of four bytes. Nothing is ever synced or checked.
///
/// With `api` = `grouped`, elements are copied into pieces of about 64 KiB before they are written:
/// one system call for many elements, which `FileIO` does not do by itself.
final class FileIoStream implements Contestant.Bulk, Contestant.Replaying {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final Set<OpenOption> APPENDING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private final ActorSystem<Void> system;
    private final Path file;
    private final byte[] framed;
    private final boolean grouped;

    static FileIoStream open(Path directory, Parameters parameters) throws IOException {
        Files.createDirectories(directory);
        return new FileIoStream(directory.resolve("entries"), parameters);
    }

    private FileIoStream(Path file, Parameters parameters) {
        this.file = file;
        this.grouped = parameters.is(Parameter.API, "grouped");
        byte[] payload = TestPayload.of(parameters);
        this.framed = ByteBuffer.allocate(LENGTH_BYTES + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN).putInt(payload.length).put(payload).array();
        this.system = ActorSystem.create(Behaviors.empty(), "bench",
                ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING"))
                        .withFallback(ConfigFactory.load()));
    }

    @Override
    public Map<String, String> facts() {
        return Map.of(DRIVER, "FileChannel", MODE, "buffered", SYNC, "never");
    }

    @Override
    public void appendAll(long count) {
        Source<ByteString, NotUsed> elements =
                Source.repeat(ByteString.fromArrayUnsafe(framed)).take(count);
        Source<ByteString, NotUsed> pieces = grouped
                ? elements.grouped(Math.max(1, CHUNK_BYTES / framed.length))
                        .map(FileIoStream::joined)
                : elements;
        long written = pieces.runWith(FileIO.toPath(file, APPENDING), system)
                .toCompletableFuture().join().getCount();
        if (written != count * framed.length) {
            throw new IllegalStateException("wrote " + written + " bytes for " + count);
        }
    }

    private static ByteString joined(List<ByteString> elements) {
        int bytes = 0;
        for (ByteString element : elements) {
            bytes += element.length();
        }
        byte[] piece = new byte[bytes];
        int at = 0;
        for (ByteString element : elements) {
            element.copyToArray(piece, at);
            at += element.length();
        }
        return ByteString.fromArrayUnsafe(piece);
    }

    @Override
    public long replay() {
        ByteCount seen = new ByteCount();
        FileIO.fromPath(file, CHUNK_BYTES)
                .via(Framing.lengthField(LENGTH_BYTES, 0, framed.length, ByteOrder.LITTLE_ENDIAN))
                .map(frame -> frame.drop(LENGTH_BYTES))
                .runForeach(seen::add, system).toCompletableFuture().join();
        return seen.bytes();
    }

    @Override
    public void close() {
        WalSystem.end(system);
    }
}
