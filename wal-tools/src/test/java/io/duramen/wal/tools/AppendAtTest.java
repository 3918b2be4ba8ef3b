package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `wal append --at` and `--epoch`.
class AppendAtTest {
    @TempDir
    Path base;

    private CommandRun append(String input, String... options) {
        return CommandRun.withInput(base, input.getBytes(UTF_8),
                Stream.concat(Stream.of("append", "orders"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private void assertLog(String content) {
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo(content);
    }

    @Test
    void entries_are_appended_at_their_ids() {
        CommandRun run = append("a\nb\n", "--at", "0", "--acks");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.text()).isEqualTo("0 0\n1 1\n");
        assertThat(run.err()).isEmpty();
        assertLog("a\nb\n");
    }

    @Test
    void what_is_there_already_is_not_appended_again_and_the_rest_is() {
        append("a\nb\n");
        CommandRun run = append("b\nc\n", "--at", "1", "--acks");
        assertThat(run.exitCode()).isZero();
        assertThat(run.text()).isEqualTo("1 1 duplicate\n2 2\n");
        assertThat(run.err()).isEqualTo("wal: 1 entry was in the log already, from id 1 on\n");
        assertLog("a\nb\nc\n");
    }

    @Test
    void other_bytes_at_its_id_are_a_conflict() {
        append("a\nb\n");
        CommandRun run = append("a\nx\nc\n", "--at", "0");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("entry 1 is in the log already and is not this one")
                .contains("the next one will be");
        assertLog("a\nb\n");
    }

    @Test
    void what_was_acknowledged_in_front_of_a_conflict_is_told() {
        append("a\nb\nX\n");
        CommandRun run = append("a\nb\nc\n", "--at", "0", "--acks");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).isEqualTo("0 0 duplicate\n1 1 duplicate\n");
        assertThat(run.err()).contains("2 entries were in the log already");
        assertLog("a\nb\nX\n");
    }

    @Test
    void a_log_that_is_shorter_takes_nothing() {
        append("a\n");
        CommandRun run = append("c\n", "--at", "2");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("entry 2 cannot be appended yet, the next one will be 1")
                .contains("nothing was appended");
        assertLog("a\n");
    }

    @Test
    void an_atomic_batch_is_appended_at_its_id_whole_or_not_at_all() {
        assertThat(append("a\nb\n", "--at", "0", "--atomic", "--acks").text())
                .isEqualTo("0 1\n");
        assertThat(append("a\nb\n", "--at", "0", "--atomic", "--acks").text())
                .isEqualTo("0 1 duplicate\n");
        assertThat(append("b\nc\n", "--at", "1", "--atomic").exitCode()).isEqualTo(1);
        assertLog("a\nb\n");
    }

    @Test
    void thousands_of_entries_are_appended_again_without_a_double() {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            input.append("entry ").append(i).append('\n');
        }
        append(input.substring(0, 20_000 + input.substring(20_000).indexOf('\n') + 1));
        assertThat(append(input.toString(), "--at", "0").exitCode()).isZero();
        assertLog(input.toString());
    }

    @Test
    void a_writer_of_a_lower_epoch_is_fenced_off() {
        assertThat(append("a\n", "--epoch", "7").exitCode()).isZero();
        CommandRun late = append("b\n", "--epoch", "6");
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).contains("belongs to a writer of epoch 7, one of epoch 6 is fenced");
        assertThat(append("c\n", "--epoch", "7").exitCode()).isZero();
        assertLog("a\nc\n");
    }

    @Test
    void ids_and_epochs_below_zero_are_wrong_usage() {
        assertThat(append("a\n", "--at", "-1").exitCode()).isEqualTo(2);
        assertThat(append("a\n", "--epoch", "-1").exitCode()).isEqualTo(2);
    }
}
