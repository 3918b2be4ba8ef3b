package io.duramen.wal.tools;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a constant by the name it has on the command line, and names those there are.
///
/// @param <E> its `toString` is that name
abstract class ConstantConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final List<E> constants;

    ConstantConverter(E[] constants) {
        this.constants = List.of(constants);
    }

    @Override
    public E convert(String name) {
        return constants.stream().filter(constant -> constant.toString().equals(name)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "expected one of " + constants + " but was '" + name + "'"));
    }
}
