using System.Diagnostics;
using Mimir.Functional.Harness;

namespace Mimir.Faults.World;

/// <summary>A small file system of its own, in memory, that can be filled, and be replaced by one that takes nothing. Needs the right to mount.</summary>
internal sealed class Disk : IDisposable
{
    private static readonly Lazy<bool> s_isPossible = new(Try);

    private bool _isReplaced;

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
        var folders = Directory.GetDirectories(Path, "*", SearchOption.AllDirectories);
        if (!Run("umount", "--lazy", Path) || !Run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", Path))
            throw new IOException($"{Path} cannot be replaced");
        foreach (var folder in folders) Directory.CreateDirectory(folder);
        if (isReadOnly && !Run("mount", "-o", "remount,ro", Path)) throw new IOException($"{Path} cannot be made read-only");
        _isReplaced = isReadOnly;
    }

    /// <summary>There is room again, and what is written is taken.</summary>
    public void Mend()
    {
        if (_isReplaced) Replace(isReadOnly: false);
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
