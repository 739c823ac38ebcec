using System.Runtime.InteropServices;
using System.Text;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// Makes a process: default signal handling and an empty mask (this runtime ignores SIGPIPE, which a child would inherit), the three
/// standard streams and no other descriptor, in a group or session of its own. Nothing of it runs between fork and exec but the
/// C library's own few lines, so it is safe however many threads we have.
/// </summary>
internal static unsafe class Spawner
{
    /// <summary>Larger than any C library's attributes, file actions or signal set.</summary>
    private const int OpaqueBytes = 1024;

    /// <summary>Starts <paramref name="file"/>.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="arguments">argv, the program's own name first.</param>
    /// <param name="environment">envp.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="streams">Its stdin, stdout and stderr; none of them below 3.</param>
    /// <param name="ownSession">A session of its own instead of only a group.</param>
    /// <param name="gate">The path of a gate it waits at before it becomes its program; this call lasts until then.</param>
    /// <param name="keep">A descriptor that it must not hold even while it waits there; -1 for none.</param>
    /// <param name="suspended">On macOS it does not run before it gets SIGCONT. Without effect elsewhere.</param>
    /// <returns>The process id.</returns>
    /// <exception cref="SystemCallException">It could not be started.</exception>
    internal static int Start(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        string folder,
        (Descriptor In, Descriptor Out, Descriptor Error) streams,
        bool ownSession = false,
        string? gate = null,
        int keep = -1,
        bool suspended = false)
    {
        Descriptors.KeepFromChildren();
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[OpaqueBytes];
        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings(environment);
        Check(Libc.ActionsInit(actions));
        Check(Libc.AttributesInit(attributes));
        try
        {
            if (gate is not null)
            {
                if (keep >= 0)
                    Check(Libc.ActionsAddClose(actions, keep));

                // On the number that its stdin takes in the next moment: nothing of it is left over.
                fixed (byte* path = Terminated(gate))
                    Check(Libc.ActionsAddOpen(actions, 0, path, Abi.OpenRead, 0));
            }

            Check(Libc.ActionsAddDup2(actions, Number(streams.In), 0));
            Check(Libc.ActionsAddDup2(actions, Number(streams.Out), 1));
            Check(Libc.ActionsAddDup2(actions, Number(streams.Error), 2));
            fixed (byte* directory = Terminated(folder))
                Check(Libc.ActionsAddChangeDirectory(actions, directory));

            var home = ownSession ? Abi.SpawnSetSession : Abi.SpawnSetGroup;
            var held = suspended ? Abi.SpawnSuspended : 0;
            Check(Libc.AttributesSetFlags(attributes, (short)(Abi.SpawnSetDefaults | Abi.SpawnSetMask | Abi.SpawnCloseByDefault | home | held)));
            Check(Libc.AttributesSetGroup(attributes, 0));

            // Signal sets are bits. The library's own way to fill one leaves out the signals it uses itself, and a child would then
            // start with those ignored.
            NativeMemory.Clear(signals, OpaqueBytes);
            Check(Libc.AttributesSetMask(attributes, signals));
            NativeMemory.Fill(signals, OpaqueBytes, 0xff);
            Check(Libc.AttributesSetDefaults(attributes, signals));

            int id;
            fixed (byte* path = Terminated(file))
                Check(Libc.Spawn(&id, path, actions, attributes, argv.Pointer, envp.Pointer));
            return id;
        }
        finally
        {
            _ = Libc.AttributesDestroy(attributes);
            _ = Libc.ActionsDestroy(actions);
        }
    }

    private static int Number(Descriptor descriptor) => (int)descriptor.DangerousGetHandle();

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static void Check(int errno)
    {
        if (errno != 0)
            throw new SystemCallException("posix_spawn", errno);
    }
}
