package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReorderSettings;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.memory.BufferPoolSettings;
import io.duramen.wal.memory.HugePages;
import io.duramen.wal.memory.MemoryLock;
import io.duramen.wal.memory.SlabSettings;
import io.duramen.wal.memory.WatchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalSettingsTest {
    private static Config section(String changes) {
        return ConfigFactory.parseString(changes).withFallback(ConfigFactory.defaultReference())
                .resolve().getConfig(WalSettings.CONFIG_PATH);
    }

    private static WalSettings settings(String changes) {
        return WalSettings.create(section(changes));
    }

    @Test
    void the_shipped_defaults_of_a_log_are_those_of_the_core() {
        assertThat(settings("").logDefaults()).isEqualTo(LogSettings.defaults());
        assertThat(settings("").pool().slotBytes()).isEqualTo(LogEnvironment.GROUP_BYTES);
    }

    @Test
    void buffers_are_of_the_memory_and_watched_as_it_says() {
        assertThat(settings("").pool().slab()).isEqualTo(SlabSettings.defaults());
        assertThat(settings("").pool().watch()).isEqualTo(WatchSettings.defaults());
        BufferPoolSettings pool = settings("""
                duramen.wal.io { huge-pages = on, lock-memory = if-allowed
                  slow-buffer-warning = off, leak-sample-every = 100 }""").pool();
        assertThat(pool.slab()).isEqualTo(new SlabSettings(HugePages.ON, MemoryLock.IF_ALLOWED));
        assertThat(pool.watch()).isEqualTo(new WatchSettings(100, Duration.ZERO));
    }

    @Test
    void a_log_that_is_named_differs_where_it_says_so_and_nowhere_else() {
        WalSettings settings = settings("""
                duramen.wal.log.unsynced-delay-max = 50 ms
                duramen.wal.logs.audit { fragment-size = 1 MiB, durability = written }
                duramen.wal.logs."a.b".fragment-age-max = 1 h""");
        LogSettings defaults =
                LogSettings.defaults().withUnsyncedDelayMax(Duration.ofMillis(50));
        assertThat(settings.forLog(LogId.of("audit"))).isEqualTo(defaults
                .withFragmentSizeBytes(1 << 20).withDurability(Durability.WRITTEN));
        assertThat(settings.forLog(LogId.of("a.b")))
                .isEqualTo(defaults.withFragmentAgeMax(Duration.ofHours(1)));
        assertThat(settings.forLog(LogId.of("other"))).isEqualTo(defaults);
    }

    @Test
    void retention_and_standbys_are_set_for_all_logs_and_for_one() {
        WalSettings settings = settings("""
                duramen.wal.log.retention.age = 30 d
                duramen.wal.logs.audit.retention { age = off, size = 1 GiB, entries = 5000000000 }
                duramen.wal.logs.audit.retention.punch-holes = on
                duramen.wal.logs.audit.standby { pre-write-rate = off, reuse-max = 0 }""");
        assertThat(settings.logDefaults().retention())
                .isEqualTo(RetentionSettings.OFF.withAge(Duration.ofDays(30)));
        assertThat(settings.forLog(LogId.of("audit")).retention())
                .isEqualTo(new RetentionSettings(Duration.ZERO, 5_000_000_000L, 1L << 30, true));
        assertThat(settings.forLog(LogId.of("audit")).standby()).isEqualTo(StandbySettings.OFF);
    }

    @ParameterizedTest
    @CsvSource({"duramen.wal.fragment-sice", "duramen.wal.log.durabilty", "duramen.wal.io.thread",
        "duramen.wal.logs.audit.fragmentsize", "duramen.wal.stream.batch",
        "duramen.wal.logs.fragment-size"})
    void a_key_that_nobody_reads_is_refused_by_name(String key) {
        assertThatThrownBy(() -> settings(key + " = 1"))
                .isInstanceOf(ConfigException.BadValue.class)
                .hasMessageContaining("'" + key + "'").hasMessageContaining("no such setting");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "log.fragment-size               | 5000   | multiple of 4096",
        "log.fragment-size               | 4 KiB  | 12288",
        "log.fragment-entries-max        | 0      | from 1 to",
        "log.durability                  | always | [synced, written]",
        "log.pending-bytes-max           | 0      | at least 1",
        "log.unsynced-delay-max          | 10 us  | at least 1 ms",
        "log.retention.age               | 10 us  | at least 1 ms",
        "log.retention.entries           | 0      | at least 1",
        "log.reorder.entries-max         | 1000001 | from 0 to 1000000",
        "log.reorder.entries-max         | -1     | from 0 to 1000000",
        "log.reorder.bytes-max           | 0      | at least 1",
        "log.reorder.timeout             | 10 us  | at least 1 ms",
        "log.standby.pre-write-rate      | 4095   | at least 4096",
        "log.standby.reuse-max           | 1001   | from 0 to 1000",
        "log.standby.reuse-max           | -1     | from 0 to 1000",
        "logs.audit.fragment-size        | 5000   | multiple of 4096",
        "logs.audit.durability           | maybe  | [synced, written]",
        "io.driver                       | floppy | auto, io_uring and posix",
        "io.threads                      | 0      | from 1 to 1024",
        "io.buffer-size                  | 5000   | multiple of 4096",
        "io.buffer-size                  | 4 GiB  | overflow",
        "io.buffers                      | 0      | from 1 to",
        "io.in-flight-bytes-max          | 0      | at least 1",
        "io.huge-pages                   | maybe  | [auto, on, off]",
        "io.lock-memory                  | maybe  | [off, if-allowed, required]",
        "io.slow-buffer-warning          | 0 s    | at least 1 ms",
        "io.leak-sample-every            | -1     | from 0 to",
        "fragment-idle-timeout           | 0 s    | at least 1 ms",
        "fragment-idle-timeout           | 30 d   | at most 20",
        "passivate-after                 | 30 d   | at most 20",
        "log.unsynced-delay-max          | 21 d   | at most 20",
        "log.reorder.timeout             | 21 d   | at most 20",
        "stream.batch-entries-max        | 0      | from 1 to",
        "stream.batch-bytes-max          | 0      | at least 1"})
    void a_value_that_is_not_allowed_is_refused_with_its_key_and_the_rule(String key,
            String value, String rule) {
        assertThatThrownBy(() -> settings("duramen.wal." + key + " = " + value))
                .isInstanceOf(ConfigException.BadValue.class)
                .hasMessageContaining("duramen.wal." + key).hasMessageContaining(rule);
    }

    @Test
    void settings_that_contradict_each_other_are_refused() {
        assertThatThrownBy(() -> settings("duramen.wal.log.retention.size = 127 MiB"))
                .isInstanceOf(ConfigException.BadValue.class)
                .hasMessageContaining("at least two fragments, which are 134217728 bytes");
        assertThatThrownBy(() -> settings("duramen.wal.log.standby.pre-write-rate = off"))
                .isInstanceOf(ConfigException.BadValue.class).hasMessageContaining("reuse-max")
                .hasMessageContaining("set a rate");
    }

    @ParameterizedTest
    @CsvSource({"log.reorder.entry-max, log.reorder.entries-max",
        "log.reoder.timeout, log.reorder.timeout",
        "logs.audit.reorder.byte-max, reorder.bytes-max",
        "io.thread, io.threads", "pasivate-after, passivate-after"})
    void a_key_that_is_not_known_is_refused_with_the_nearest_one(String key, String nearest) {
        assertThatThrownBy(() -> settings("duramen.wal." + key + " = 1"))
                .isInstanceOf(ConfigException.BadValue.class).hasMessageContaining(key)
                .hasMessageContaining("the nearest is " + nearest + ";");
    }

    @Test
    void the_reorder_window_is_what_the_configuration_says() {
        assertThat(settings("duramen.wal.log.reorder { entries-max = 9, bytes-max = 3 KiB,"
                + " timeout = 2 s }").logDefaults().reorder())
                        .isEqualTo(new ReorderSettings(9, 3072, Duration.ofSeconds(2)));
    }

    @Test
    void a_value_of_the_wrong_kind_is_refused_with_its_key() {
        assertThatThrownBy(() -> settings("duramen.wal.io.threads = many"))
                .isInstanceOf(ConfigException.class).hasMessageContaining("threads");
    }

    @Test
    void a_log_whose_name_cannot_be_one_is_refused() {
        assertThatThrownBy(() -> settings("duramen.wal.logs.\"a/b\".durability = written"))
                .isInstanceOf(WalException.IllegalLogId.class).hasMessageContaining("a/b");
    }

    @Test
    void dispatchers_take_every_key_that_pekko_knows() {
        assertThat(settings("duramen.wal.dispatcher.fork-join-executor.task-peeking-mode = LIFO"))
                .isNotNull();
    }

    @Test
    void every_shipped_key_says_what_it_is_for() {
        Config reference = WalSettings.reference();
        List<String> silent = new ArrayList<>();
        reference.entrySet().forEach(entry -> {
            boolean pekkos = entry.getKey().startsWith("dispatcher.")
                    || entry.getKey().startsWith("blocking-dispatcher.");
            boolean batch = entry.getKey().startsWith("stream."); // one comment for both
            if (!pekkos && !batch && entry.getValue().origin().comments().isEmpty()) {
                silent.add(entry.getKey());
            }
        });
        assertThat(silent).isEmpty();
        for (String section : List.of("logs", "stream", "dispatcher", "blocking-dispatcher")) {
            assertThat(reference.getValue(section).origin().comments()).as(section).isNotEmpty();
        }
    }
}
