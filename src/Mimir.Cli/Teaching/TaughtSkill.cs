using System.Security.Cryptography;
using System.Text;
using Mimir.Router.Files;

namespace Mimir.Cli.Teaching;

/// <summary>
/// The skill that teaches agents the commands of this program. Its last line holds the digest of what stands before it: so a file that
/// somebody has changed is told from one that may be replaced.
/// </summary>
internal static class TaughtSkill
{
    private const string Name = "SKILL.md";
    private const string Mark = "<!-- Written by: mimir skill install. To change it, remove this line. ";
    private const int MostBytes = 1 << 20;

    /// <summary>The whole file.</summary>
    public static string Text { get; } = Stamp(Read());

    /// <summary>Full path of the file in a folder of skills.</summary>
    public static string PathIn(string skills) => Path.Combine(skills, "mimir", Name);

    /// <summary>Looks what is there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SkillState Look(string path)
    {
        if (!Path.Exists(path))
        {
            return new FileInfo(path).LinkTarget is null ? SkillState.Absent : SkillState.Foreign;
        }

        using var handle = RegularFile.TryOpen(path);
        if (handle is null || RandomAccess.GetLength(handle) > MostBytes)
        {
            return SkillState.Foreign;
        }

        using var reader = new StreamReader(new FileStream(handle, FileAccess.Read), Encoding.UTF8);
        var buffer = new char[MostBytes];
        var text = new string(buffer, 0, reader.ReadBlock(buffer));
        var at = text.LastIndexOf(Mark, StringComparison.Ordinal);
        return text == Text ? SkillState.Same
            : at < 0 ? SkillState.Foreign
            : Stamp(text[..at]) == text ? SkillState.Ours
            : SkillState.Changed;
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">It was not written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public static void Write(string path)
    {
        DurableFile.MakeFolder(SystemDisk.Instance, Path.GetDirectoryName(path)!, DurableFile.PrivateFolder);
        DurableFile.Save(SystemDisk.Instance, path, Encoding.UTF8.GetBytes(Text), DurableFile.Private);
    }

    /// <summary>Removes it, and its folder when nothing else is in it.</summary>
    /// <exception cref="IOException">It was not removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public static void Remove(string path)
    {
        File.Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (new DirectoryInfo(folder).LinkTarget is null && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static string Stamp(string text) => $"{text}{Mark}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))} -->\n";

    private static string Read()
    {
        using var stream = typeof(TaughtSkill).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var buffer = new char[MostBytes];
        return new string(buffer, 0, reader.ReadBlock(buffer)).ReplaceLineEndings("\n");
    }
}
