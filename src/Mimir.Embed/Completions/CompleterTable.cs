using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Completions;

/// <summary>What finds values for the arguments of one prompt or template.</summary>
internal sealed class CompleterTable
{
    /// <summary>Most values of an answer, as the protocol has it.</summary>
    private const int Most = 100;

    private readonly ConcurrentDictionary<string, Completer> _completers = new(StringComparer.Ordinal);

    /// <summary>Gives an argument one, in place of another.</summary>
    public void Set(string argument, Completer completer) => _completers[argument] = completer;

    /// <summary>That of an argument; null when it has none.</summary>
    public Completer? Find(string argument) => _completers.TryGetValue(argument, out var completer) ? completer : null;

    /// <summary>The answer that has these values, or as many of them as go in.</summary>
    /// <param name="values">The values; null for none.</param>
    public static Completion Answer(IEnumerable<string>? values)
    {
        values ??= [];

        // What is without end is not counted.
        var some = values.Take(Most + 1).ToList();
        var isAll = some.Count <= Most;
        return new Completion { Values = isAll ? some : some.GetRange(0, Most), Total = isAll ? some.Count : (values as ICollection<string>)?.Count, HasMore = !isAll };
    }
}
