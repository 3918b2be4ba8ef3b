package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/// Who can be measured.
public enum Entrant {
    CORE("Duramen core", "", List.of(), CoreLog::open),
    ACTORS("Duramen actors", "", List.of(), ActorLog::open),
    STREAMS("Duramen streams", "", List.of(), StreamLog::open),
    BARE_FILE("bare pwrite", "", List.of(), BareFile::open),
    CHRONICLE("Chronicle Queue", "chronicle-queue", ChronicleQueue.JVM_ARGUMENTS,
            ChronicleQueue::open),
    ROCKSDB("RocksDB", "rocksdb", List.of(), RocksLog::open),
    AERON("Aeron Archive", "aeron", AeronLog.JVM_ARGUMENTS, AeronLog::open),
    FILE_IO("Pekko FileIO", "pekko", List.of(), FileIoStream::open),
    /// What the JDK itself offers.
    JDK("JDK", "", List.of(), Entrant::noLog),
    /// Our I/O layer without a log.
    SCHEDULER("Duramen I/O scheduler", "", List.of(), Entrant::noLog),
    /// The flexible I/O tester, a program of its own.
    FIO("fio", "", List.of(), Entrant::noLog);

    /// Opens a contestant in a directory that is its own; it is created by the contestant or empty.
    interface Opening {
        Contestant open(Path directory, Parameters parameters) throws Exception;
    }

    private static final Properties VERSIONS = versions();

    private final String label;
    private final String library;
    private final List<String> jvmArguments;
    private final Opening opening;

    /// @param library what the build calls the library; empty for none
    Entrant(String label, String library, List<String> jvmArguments, Opening opening) {
        this.label = label;
        this.library = library;
        this.jvmArguments = jvmArguments;
        this.opening = opening;
    }

    private static Contestant noLog(Path directory, Parameters parameters) {
        throw new UnsupportedOperationException("this is no log");
    }

    /// What tables call it.
    public String label() {
        return label;
    }

    /// [#label()] with the version that the build took.
    public String versionedLabel() {
        return library.isEmpty() ? label
                : label + " " + Objects.requireNonNull(VERSIONS.getProperty(library), library);
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream file = Entrant.class.getResourceAsStream("/versions.properties")) {
            versions.load(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return versions;
    }

    /// What its JVM needs besides what every fork gets.
    public List<String> jvmArguments() {
        return jvmArguments;
    }

    /// Why it cannot be measured here; empty where it can.
    public Optional<String> obstacle() {
        return this == FIO ? ExternalProgram.obstacle("fio") : Optional.empty();
    }

    public boolean isOurs() {
        return label.startsWith("Duramen");
    }

    /// Opens it for a workload that needs a certain ability.
    ///
    /// @throws UnsupportedOperationException when the contestant lacks it
    public <C extends Contestant> C open(Path directory, Parameters parameters, Class<C> ability)
            throws Exception {
        Contestant contestant = opening.open(directory, parameters);
        if (!ability.isInstance(contestant)) {
            contestant.close();
            throw new UnsupportedOperationException(
                    label + " cannot do what is asked: " + ability.getSimpleName());
        }
        return ability.cast(contestant);
    }
}
