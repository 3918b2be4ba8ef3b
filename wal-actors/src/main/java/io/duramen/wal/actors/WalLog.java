package io.duramen.wal.actors;

import io.duramen.wal.log.LogId;
import org.apache.pekko.actor.typed.ActorRef;

/// A log in an actor system: its name, and the actor that serves it. Streams, plugins and tools
/// know no more of a log than this.
///
/// @param ref answers [LogRequest]s; stops when the log is closed
public record WalLog(LogId id, ActorRef<LogRequest> ref) {}
