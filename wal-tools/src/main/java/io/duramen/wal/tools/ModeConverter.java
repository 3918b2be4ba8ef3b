package io.duramen.wal.tools;

import io.duramen.wal.log.IoMode;

/// An I/O mode by the name that settings give it.
final class ModeConverter extends ConstantConverter<IoMode> {
    ModeConverter() {
        super(IoMode.values());
    }
}
