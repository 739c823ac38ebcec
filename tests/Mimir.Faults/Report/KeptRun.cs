using System.Globalization;
using System.Security.Cryptography;
using Mimir.Faults.Matrix;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Report;

/// <summary>
/// What a run has come to so far, in a file: a run of hours is stopped and gone on with. It is of one seed, scale and slack, and a file of
/// others is not gone on with. Before the cells that one program has played stands a line that says which.
/// </summary>
/// <param name="path">The file; null to keep nothing.</param>
/// <param name="settings">What the run is like.</param>
/// <param name="takesOlder">Whether what another program has played, one that was built of other sources, counts as well, unless it failed.</param>
internal sealed class KeptRun(string? path, RunSettings settings, bool takesOlder = false)
{
    private readonly Lock _gate = new();
    private string? _heading;

    /// <summary>Reads what is there, of a cell or part the last.</summary>
    /// <exception cref="InvalidDataException">The file is of another run.</exception>
    public async Task<List<CellResult>> ReadAsync()
    {
        if (path is null) return [];
        var run = string.Create(CultureInfo.InvariantCulture, $"seed {settings.Seed}, scale {settings.Scale}, slack {settings.Slack.TotalMilliseconds:0} ms, program ");
        var own = run + Digest(Path.GetDirectoryName(await Repository.MimirAsync())!);
        var found = new List<CellResult>();
        var heading = "";
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (line.StartsWith('{') && heading.Length > 0)
            {
                var result = CellResult.Parse(line) with { IsOlder = heading != own };
                if (!result.IsOlder || (takesOlder && result.Wrongs == 0)) found.Add(result);
                continue;
            }

            if (!line.StartsWith(run, StringComparison.Ordinal)) throw new InvalidDataException($"{path} is of another run ({line}), and this one is: {own}. Name another file.");
            heading = line;
        }

        _heading = heading == own ? null : own;
        return [.. found.GroupBy(static r => r.Name).Select(static g => g.Last())];
    }

    /// <summary>Adds a cell, or a part of one, that has been played.</summary>
    public void Add(CellResult result)
    {
        if (path is null) return;
        lock (_gate)
        {
            File.AppendAllLines(path, _heading is { } heading ? [heading, result.ToLine()] : [result.ToLine()]);
            _heading = null;
        }
    }

    private static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
