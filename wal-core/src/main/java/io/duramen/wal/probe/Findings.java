package io.duramen.wal.probe;

import io.duramen.wal.io.uring.RegistrationProbe;
import io.duramen.wal.io.uring.RingProbe;
import java.nio.file.Path;
import java.util.Optional;

/// The facts of an examination; a [Diagnosis] judges them.
///
/// @param basePath the folder of logs that was asked about; it need not be there
/// @param storage what is below it, or below the nearest directory above it; empty where that could
///     not be found out
/// @param trials empty where nothing could be tried out
/// @param obstacle one sentence that says why something is empty
public record Findings(Path basePath, MachineFacts machine, RingProbe ring,
        RegistrationProbe registration, Optional<StorageFacts> storage, Optional<Trials> trials,
        Optional<String> obstacle) {}
