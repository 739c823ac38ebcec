using System.Globalization;

namespace Mimir.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions(IReadOnlyList<FuzzTarget> Targets, int Seconds, ulong Seed, string CorpusRoot, string? Replay)
{
    private const string SourceCorpus = "tests/Mimir.Fuzz/Corpus";

    /// <summary>Reads the arguments.</summary>
    /// <returns>Null when they make no sense.</returns>
    public static FuzzOptions? Parse(string[] args)
    {
        if (args.Length % 2 == 0)
        {
            return null;
        }

        var targets = FuzzTargets.All.Where(t => args[0] == "all" || args[0] == t.Name).ToList();
        var options = new FuzzOptions(targets, 60, (ulong)DateTime.UtcNow.Ticks, Directory.Exists(SourceCorpus) ? SourceCorpus : Corpus.Packaged, null);
        for (var i = 1; i < args.Length; i += 2)
        {
            var value = args[i + 1];
            switch (args[i])
            {
                case "--seconds" when int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Seconds = seconds };
                    break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--corpus":
                    options = options with { CorpusRoot = value };
                    break;
                case "--replay" when File.Exists(value):
                    options = options with { Replay = value };
                    break;
                default:
                    return null;
            }
        }

        return targets.Count == 0 ? null : options;
    }
}
