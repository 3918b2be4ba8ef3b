package io.duramen.wal.examples.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.examples.replay.AccessLogLine.Malformed;
import io.duramen.wal.examples.replay.AccessLogLine.Request;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogLineTest {
    private static final String START = "192.0.2.1 - maria [02/Mar/2026:10:59:59 +0000] ";
    private static final long MINUTE = Instant.parse("2026-03-02T10:59:00Z").getEpochSecond() / 60;

    private static AccessLogLine parse(String line) {
        return AccessLogLine.parse(7, line);
    }

    @Test
    void the_common_and_the_combined_format_are_understood() {
        Request request = new Request(MINUTE, 404);
        assertThat(parse(START + "\"GET / HTTP/1.1\" 404 12")).isEqualTo(request);
        assertThat(parse(START + "\"GET / HTTP/1.1\" 404 -")).isEqualTo(request);
        assertThat(parse(START + "\"GET / HTTP/1.1\" 404 12 \"-\" \"a b\"")).isEqualTo(request);
        assertThat(parse(START + "\"GET / HTTP/1.1\" 404 12\r")).isEqualTo(request);
    }

    @Test
    void the_minute_does_not_depend_on_the_time_zone_of_the_line() {
        assertThat(parse(START.replace("10:59:59 +0000", "16:29:59 +0530") + "\"GET /\" 404 12"))
                .isEqualTo(new Request(MINUTE, 404));
    }

    @Test
    void quotes_inside_quotes_are_understood_however_long_the_line() {
        String noise = "\\x16\\\"".repeat(100_000);
        assertThat(parse(START + "\"" + noise + "\" 400 0 \"-\" \"" + noise + "\""))
                .isEqualTo(new Request(MINUTE, 400));
        assertThat(parse(START + "\"" + noise)).isEqualTo(new Malformed(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "no request", START, START + "\"GET /\"",
        START + "\"GET /\" 200", START + "\"GET /\" 2000 1", START + "\"GET /\" 099 1",
        START + "\"GET /\" 200 1 \"-\"", START + "\"GET /\" 200 1 more",
        "a - - [31/Feb/2026:10:00:00 +0000] \"GET /\" 200 1",
        "a - - [02/Mar/2026:10:00:00] \"GET /\" 200 1"})
    void anything_else_is_malformed(String line) {
        assertThat(parse(line)).isEqualTo(new Malformed(7));
    }
}
