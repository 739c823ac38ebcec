using System.Diagnostics;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>A small file system of its own, in memory, that can be filled, and be replaced by one that takes nothing. Needs the right to mount.</summary>
internal sealed class Disk : IDisposable
{
    private static readonly Lazy<bool> s_isPossible = new(Try);

    private bool _isReadOnly;

    /// <summary>Mounts one.</summary>
    /// <param name="path">Where; the folder is made.</param>
    public Disk(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
        if (!Run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", path)) throw new IOException($"nothing can be mounted at {path}");
    }

    /// <summary>Whether this user may mount here.</summary>
    public static bool IsPossible => s_isPossible.Value;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Whether it ever was: files that were open then are on another one.</summary>
    public bool WasReplaced { get; private set; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        try
        {
            using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (var block = new byte[4096]; ;) filler.Write(block);
        }
        catch (IOException)
        {
            // full
        }
    }

    /// <summary>Puts another in its place, with the same folders and no file. What is open stays open.</summary>
    /// <param name="isReadOnly">Whether nothing can be written to it.</param>
    public void Replace(bool isReadOnly)
    {
        // Made ready elsewhere: in its place somebody may begin to write at once, and then it cannot be made read-only any more.
        var next = Path + ".next";
        Directory.CreateDirectory(next);
        if (!Run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", next)) throw new IOException($"nothing can be mounted at {next}");
        foreach (var folder in Directory.GetDirectories(Path, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(System.IO.Path.Combine(next, System.IO.Path.GetRelativePath(Path, folder)));
        if ((isReadOnly && !Run("mount", "-o", "remount,ro", next)) || !Run("umount", "--lazy", Path) || !Run("mount", "--bind", next, Path) || !Run("umount", "--lazy", next))
            throw new IOException($"{Path} cannot be replaced");
        _isReadOnly = isReadOnly;
        WasReplaced = true;
    }

    /// <summary>There is room again, and what is written is taken.</summary>
    public void Mend()
    {
        if (_isReadOnly) Replace(isReadOnly: false);
        File.Delete(Filler);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Run("umount", "--lazy", Path);

    private static bool Try()
    {
        using var folder = new TempFolder();
        try
        {
            new Disk(folder.File("disk")).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
