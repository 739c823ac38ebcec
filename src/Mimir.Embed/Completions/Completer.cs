using Mimir.Embed.Attributes;

namespace Mimir.Embed.Completions;

/// <summary>Finds values for one argument.</summary>
/// <param name="Find">Finds them, the best first.</param>
/// <param name="RunOn">Where.</param>
internal sealed record Completer(Func<CompletionRequest, ValueTask<IEnumerable<string>>> Find, RunOn RunOn)
{
    /// <summary>Of values that do not change: those that begin with what is written, whatever the case.</summary>
    public static Completer Of(IReadOnlyList<string> values) =>
        new(request => new ValueTask<IEnumerable<string>>(values.Where(v => v.StartsWith(request.Text, StringComparison.OrdinalIgnoreCase))), RunOn.Caller);

    /// <summary>Of a function that does not wait.</summary>
    public static Completer Of(Func<CompletionRequest, IEnumerable<string>> find, RunOn runOn) => new(request => new ValueTask<IEnumerable<string>>(find(request)), runOn);
}
