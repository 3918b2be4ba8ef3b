package io.duramen.wal.streams;

import java.util.OptionalLong;

/// What a sink appended: all of it is as durable as was asked.
///
/// @param lastId id of the last entry, empty where there was none
public record AppendTotal(long entries, OptionalLong lastId) {
    static final AppendTotal NOTHING = new AppendTotal(0, OptionalLong.empty());
}
