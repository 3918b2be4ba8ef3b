package io.duramen.wal.log;

import io.duramen.wal.io.Disk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/// A disk whose process ends in front of the nth call that changes names or makes them durable: it
/// throws an error that nobody handles, and what was done stays.
final class KillableDisk {
    private static final Set<String> STEPS =
            Set.of("create", "createDirectory", "rename", "delete", "syncDirectory");

    private final Disk behind;
    private final int killedAt;
    private int steps;

    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private KillableDisk(Disk behind, int killedAt) {
        this.behind = behind;
        this.killedAt = killedAt;
    }

    /// @param killedAt counted from 1
    static Disk over(Disk behind, int killedAt) {
        return (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class}, new KillableDisk(behind, killedAt)::call);
    }

    private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (STEPS.contains(method.getName()) && ++steps >= killedAt) {
            throw new Killed();
        }
        try {
            return method.invoke(behind, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
