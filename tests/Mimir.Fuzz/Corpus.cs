using System.Security.Cryptography;

namespace Mimir.Fuzz;

/// <summary>The inputs of one target that are kept in files: samples of the grammar and every finding of the past.</summary>
public sealed class Corpus
{
    private readonly string _folder;

    /// <summary>Opens the folder of a target.</summary>
    /// <param name="root">The folder that has one folder for each target.</param>
    /// <param name="target">The target's name.</param>
    public Corpus(string root, string target)
    {
        _folder = Path.Combine(root, target);
        Inputs = Directory.Exists(_folder)
            ? [.. Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal).Select(f => new KeyValuePair<string, byte[]>(Path.GetFileName(f), File.ReadAllBytes(f)))]
            : [];
    }

    /// <summary>The corpus beside the program, a copy of the one in the repository.</summary>
    public static string Packaged => Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>All inputs by file name, in the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Inputs { get; }

    /// <summary>Keeps a finding.</summary>
    /// <returns>The path of its file.</returns>
    public string Save(string kind, ReadOnlySpan<byte> input)
    {
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        return path;
    }
}
