package io.duramen.wal.actors.micrometer;

import io.duramen.wal.actors.LogPhase;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// Registers meters of an actor system's logs:
/// `new WalMeterBinder(Wal.get(system)).bindTo(registry)`.
///
/// What all logs share has no tag; each log that is open has meters with its id as the tag `log`,
/// and they go when it is closed. Of several handles on logs of one id, as after a take-over by a
/// writer of a higher epoch, they are those of the newest. Reading them asks no actor and no disk.
public final class WalMeterBinder implements MeterBinder {
    private final Wal wal;

    public WalMeterBinder(Wal wal) {
        this.wal = wal;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("duramen.wal.pending", wal, Wal::pendingBytes).baseUnit(BaseUnits.BYTES)
                .description("Bytes of appends that are not answered").register(registry);
        Gauge.builder("duramen.wal.buffers.used", wal, it -> it.poolStatistics().leased())
                .description("Buffers in use").register(registry);
        Gauge.builder("duramen.wal.buffers", wal, it -> it.poolStatistics().slots())
                .description("Buffers there are").register(registry);
        FunctionCounter.builder("duramen.wal.buffers.waits", wal, it -> it.poolStatistics().waits())
                .description("Times that no buffer was free").register(registry);
        Gauge.builder("duramen.wal.io.depth", wal, it -> it.ioStatistics().depth().now())
                .description("Chains of operations submitted and not complete").register(registry);
        FunctionCounter
                .builder("duramen.wal.io.operations", wal, it -> it.ioStatistics().operationCount())
                .description("I/O operations").register(registry);
        FunctionCounter.builder("duramen.wal.io.calls", wal, it -> it.ioStatistics().systemCalls())
                .description("System calls for them").register(registry);
        wal.listen(new OfLogs(registry));
    }

    /// Meters come and go with their logs.
    private static final class OfLogs implements Wal.LogListener {
        private final MeterRegistry registry;
        private final Map<LogId, Registered> newest = new ConcurrentHashMap<>();

        OfLogs(MeterRegistry registry) {
            this.registry = registry;
        }

        @Override
        public void opened(WalLog log) {
            newest.compute(log.id(), (_, before) -> {
                if (before != null) {
                    before.meters().forEach(registry::remove); // one name, one meter
                }
                return new Registered(log, new OfLog(registry, log).register());
            });
        }

        @Override
        public void closed(WalLog log) {
            newest.computeIfPresent(log.id(), (_, there) -> {
                if (there.log() != log) {
                    return there;
                }
                there.meters().forEach(registry::remove);
                return null;
            });
        }
    }

    private record Registered(WalLog log, List<Meter> meters) {}

    private record OfLog(MeterRegistry registry, WalLog log) {
        List<Meter> register() {
            List<Meter> all = new ArrayList<>();
            all.add(counter("entries", "Entries written", null, LogMetrics::entries));
            all.add(counter("written", "Bytes written", BaseUnits.BYTES, LogMetrics::bytes));
            all.add(counter("groups", "Groups written", null, LogMetrics::groups));
            all.add(counter("rotations", "Times the log went on in another fragment", null,
                    LogMetrics::rotations));
            all.add(counter("overloads", "Appends refused because too much waited", null,
                    LogMetrics::overloads));
            all.add(counter("recoveries", "Times the log was opened", null,
                    LogMetrics::recoveries));
            all.add(counter("cut", "Bytes of torn writes zeroed", BaseUnits.BYTES,
                    LogMetrics::cutBytes));
            all.add(counter("poisonings", "Failed writes and syncs", null,
                    LogMetrics::poisonings));
            all.add(FunctionTimer.builder(name("syncs"), log, it -> it.metrics().syncs(),
                    it -> it.metrics().syncNanos(), TimeUnit.NANOSECONDS).tags(tags())
                    .description("Syncs and what they took").register(registry));
            all.add(Gauge.builder(name("pending"), log, it -> it.metrics().pendingBytes())
                    .tags(tags()).baseUnit(BaseUnits.BYTES)
                    .description("Bytes of appends that wait or are on their way")
                    .register(registry));
            all.add(gauge("durable.lag", "Entries written and not on the device",
                    it -> it.metrics().durableLag()));
            all.add(gauge("reader.lag", "Entries that the slowest reader has before it",
                    it -> it.metrics().slowestReader()));
            all.add(gauge("poisoned", "1 where the log takes no appends until it is reopened",
                    it -> it.phase() instanceof LogPhase.Poisoned ? 1 : 0));
            return all;
        }

        private Meter counter(String name, String description, String unit,
                ToLongFunction<LogMetrics> value) {
            return FunctionCounter
                    .builder(name(name), log, it -> value.applyAsLong(it.metrics())).tags(tags())
                    .baseUnit(unit).description(description).register(registry);
        }

        private Meter gauge(String name, String description, ToDoubleFunction<WalLog> value) {
            return Gauge.builder(name(name), log, value).tags(tags()).description(description)
                    .register(registry);
        }

        private static String name(String last) {
            return "duramen.wal.log." + last;
        }

        private Tags tags() {
            return Tags.of("log", log.id().value());
        }
    }
}
