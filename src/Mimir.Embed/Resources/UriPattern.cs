using System.Text;

namespace Mimir.Embed.Resources;

/// <summary>An address with variables: <c>{name}</c> for a part without a slash, <c>{+name}</c> for one with any, as RFC 6570 has them.</summary>
internal sealed class UriPattern
{
    private const int MaxLength = 2048;
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What stands before each variable and after the last.</summary>
    private readonly List<string> _literals = [];
    private readonly List<(string Name, bool IsWide)> _variables = [];

    /// <summary>Of a template, or of a plain address.</summary>
    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    public UriPattern(string template)
    {
        Template = template;
        if (template.Length is 0 or > MaxLength) throw Wrong("write 1 to 2048 characters");
        if (!Uri.TryCreate(template.Replace('{', '_').Replace('}', '_'), UriKind.Absolute, out _)) throw Wrong("write a scheme first, e.g. game://score");
        var at = 0;
        for (var open = template.IndexOf('{'); open >= 0; open = template.IndexOf('{', at))
        {
            var close = template.IndexOf('}', open);
            if (close < 0) throw Wrong("a brace is not closed");
            if (open == at && _variables.Count > 0) throw Wrong("two variables touch, so nobody can tell where one ends");
            var isWide = template[open + 1] == '+';
            var name = template[(isWide ? open + 2 : open + 1)..close];
            if (name.Length == 0 || !name.All(static c => char.IsLetterOrDigit(c) || c == '_')) throw Wrong("variables are {name} or {+name}, of letters, digits and underscores");
            if (_variables.Any(v => v.Name == name)) throw Wrong($"the variable {name} stands there twice");
            _literals.Add(template[at..open]);
            _variables.Add((name, isWide));
            at = close + 1;
        }

        _literals.Add(template[at..]);
        if (template.IndexOf('}', at) >= 0) throw Wrong("a brace is not opened");
    }

    /// <summary>As it was written.</summary>
    public string Template { get; }

    /// <summary>Whether it has variables.</summary>
    public bool IsTemplate => _variables.Count > 0;

    /// <summary>Whether one of them has this name.</summary>
    public bool Has(string variable) => _variables.Exists(v => v.Name == variable);

    /// <summary>Matches an address.</summary>
    /// <returns>The variables, unescaped; null when it is another's.</returns>
    public IReadOnlyDictionary<string, string>? Match(string uri)
    {
        if (!IsTemplate) return uri == Template ? s_none : null;
        if (uri.Length > MaxLength || !uri.StartsWith(_literals[0], StringComparison.Ordinal)) return null;
        var found = new Dictionary<string, string>(_variables.Count, StringComparer.Ordinal);
        var at = _literals[0].Length;
        for (var i = 0; i < _variables.Count; i++)
        {
            var after = _literals[i + 1];
            var end = i + 1 == _variables.Count
                ? uri.EndsWith(after, StringComparison.Ordinal) ? uri.Length - after.Length : -1
                : at < uri.Length ? uri.IndexOf(after, at + 1, StringComparison.Ordinal) : -1;
            if (end <= at) return null;
            var value = uri[at..end];
            if (!_variables[i].IsWide && value.AsSpan().IndexOfAny('/', '?', '#') >= 0) return null;
            found[_variables[i].Name] = Uri.UnescapeDataString(value);
            at = end + after.Length;
        }

        return found;
    }

    /// <summary>The address that has these variables in it: the one spelling of all that match so.</summary>
    public string Expand(IReadOnlyDictionary<string, string> variables)
    {
        if (!IsTemplate) return Template;
        var uri = new StringBuilder(_literals[0]);
        for (var i = 0; i < _variables.Count; i++) uri.Append(Uri.EscapeDataString(variables[_variables[i].Name])).Append(_literals[i + 1]);
        return uri.ToString();
    }

    private ArgumentException Wrong(string why) => new($"'{(Template.Length > 100 ? Template[..100] + "..." : Template)}' is no address of a resource: {why}.");
}
