using System.Globalization;
using System.Security.Cryptography;
using Mimir.Faults.Matrix;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Report;

/// <summary>
/// What a run has come to so far, in a file: a run of hours is stopped and gone on with. It is of one program, seed, scale and slack: the
/// first line says which, and a file of others is not gone on with.
/// </summary>
/// <param name="path">The file; null to keep nothing.</param>
/// <param name="settings">What the run is like.</param>
internal sealed class KeptRun(string? path, RunSettings settings)
{
    private readonly Lock _gate = new();

    /// <summary>Reads what is there, of a cell or part the last, and begins the file when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is of another run.</exception>
    public async Task<List<CellResult>> ReadAsync()
    {
        if (path is null) return [];
        var program = Digest(Path.GetDirectoryName(await Repository.MimirAsync())!);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"seed {settings.Seed}, scale {settings.Scale}, slack {settings.Slack.TotalMilliseconds:0} ms, program {program}");
        if (!File.Exists(path)) File.WriteAllText(path, head + "\n");
        var lines = File.ReadAllLines(path);
        if (lines.FirstOrDefault() != head) throw new InvalidDataException($"{path} is of another run ({lines.FirstOrDefault()}), and this one is: {head}. Name another file.");
        return [.. lines.Skip(1).Select(CellResult.Parse).GroupBy(static r => r.Name).Select(static g => g.Last())];
    }

    /// <summary>Adds a cell, or a part of one, that has been played.</summary>
    public void Add(CellResult result)
    {
        if (path is null) return;
        lock (_gate) File.AppendAllLines(path, [result.ToLine()]);
    }

    private static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
