package io.duramen.wal.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user's terminal sees, in a JVM that has no flags for Chronicle.
class QuietStartTest {
    @TempDir
    private Path directory;

    @Test
    void using_every_part_of_the_adapter_prints_nothing() throws Exception {
        assertThat(outputOf(UsesAll.class)).isEmpty();
    }

    @Test
    void copying_the_callers_own_bytes_prints_nothing_where_the_adapter_came_first()
            throws Exception {
        assertThat(outputOf(UsesChronicleAfterwards.class)).isEmpty();
    }

    @Test
    void who_uses_no_payload_view_loads_no_chronicle_class() throws Exception {
        assertThat(outputOf(UsesPoolOnly.class, "-Xlog:class+load"))
                .contains("io.duramen.wal.memory.BufferPool")
                .doesNotContain("net.openhft");
    }

    private String outputOf(Class<?> program, String... options)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet()
                .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    static final class UsesAll {
        static void main(String[] arguments) {
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = arena.allocate(64);
                PayloadClaim claim = new PayloadClaim(memory);
                claim.bytes().writeUtf8("hello").append(12.5).append("x");
                claim.detach();
                PayloadView view = new PayloadView();
                PayloadCopy.copy(view.pointTo(memory, 0, 8), memory, 32);
                view.pointTo(memory).bytesForRead().readUtf8();
                view.pointTo(memory).toString();
                view.detach();
            }
        }
    }

    static final class UsesChronicleAfterwards {
        static void main(String[] arguments) {
            new PayloadView();
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = arena.allocate(64);
                Bytes<byte[]> onHeap = Bytes.allocateElasticOnHeap();
                onHeap.writeUtf8("on the heap");
                PayloadCopy.copy(onHeap, memory, 0);
                Bytes<Void> direct = Bytes.allocateElasticDirect();
                direct.writeUtf8("off the heap");
                PayloadCopy.copy(direct, memory, 0);
                direct.releaseLast();
            }
        }
    }

    static final class UsesPoolOnly {
        static void main(String[] arguments) throws InterruptedException {
            try (BufferPool pool = BufferPool.create(BufferPoolSettings.defaults().withSlots(1));
                    BufferLease lease = pool.acquire()) {
                lease.memory().fill((byte) 1);
            }
        }
    }
}
