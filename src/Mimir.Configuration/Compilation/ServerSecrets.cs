using System.Collections.Immutable;
using System.Text;
using Mimir.Configuration.Model;
using Mimir.Configuration.Showing;

namespace Mimir.Configuration.Compilation;

/// <summary>
/// Gathers what of a server's settings is secret, so that it can be taken out of what the server says: what a secret was found for, and what
/// its name or its look says it of. A program may repeat it whole or without what stands before it, such as <c>Bearer</c>.
/// </summary>
internal sealed class ServerSecrets
{
    private static readonly string[] Schemes = ["Bearer ", "Basic ", "Token "];

    private readonly List<string> _known = [];

    private ServerSecrets()
    {
    }

    /// <summary>Gathers them, each once.</summary>
    public static ImmutableArray<string> Of(ServerConfig config)
    {
        var secrets = new ServerSecrets();
        secrets._known.AddRange(config.Secrets);
        foreach (var (name, value) in config.Environment.Or([]))
        {
            secrets.AddNamed(name, value.Or(""));
        }

        foreach (var (name, value) in config.Headers.Or([]))
        {
            secrets.AddNamed(name, value.Or(""));
        }

        secrets.AddArguments(config.Arguments.Or([]));
        if (Uri.TryCreate(config.Url.Or(""), UriKind.Absolute, out var url))
        {
            secrets.AddAddress(url);
        }

        return [.. secrets._known.Distinct(StringComparer.Ordinal)];
    }

    private void AddNamed(string name, string value)
    {
        if (SecretShape.IsOption(name) || IsTelling(value))
        {
            Add(value);
            if (name.EndsWith("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                _known.AddRange(value.Split(';').Select(static pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()));
            }
        }
        else if (Uri.TryCreate(value, UriKind.Absolute, out var url))
        {
            AddAddress(url);
        }
    }

    private void AddArguments(IReadOnlyList<TextEntry> arguments)
    {
        var before = "";
        foreach (var item in arguments.Select(static argument => argument.Value.Or("")))
        {
            if (SecretShape.ValueAt(item) is var value and > 0)
            {
                Add(item[value..].Trim());
            }
            else if ((!item.StartsWith('-') && SecretShape.Announces(before)) || IsTelling(item))
            {
                Add(item);
            }
            else if (Uri.TryCreate(item, UriKind.Absolute, out var url))
            {
                AddAddress(url);
            }

            before = item;
        }
    }

    /// <summary>Of an address its password, what of its query is named like a secret, and what looks like one anywhere.</summary>
    private void AddAddress(Uri url)
    {
        if (url.UserInfo.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
        {
            AddEscaped(url.UserInfo[(colon + 1)..]);
        }

        foreach (var pair in url.Query.TrimStart('?').Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (SecretShape.IsLikely(pair[(equals + 1)..]) || (equals > 0 && SecretShape.IsOption(pair[..equals])))
            {
                AddEscaped(pair[(equals + 1)..]);
            }
        }

        foreach (var part in url.AbsolutePath.Split('/').Where(SecretShape.IsLikely))
        {
            AddEscaped(part);
        }
    }

    private void AddEscaped(string value)
    {
        _known.Add(value);
        _known.Add(Uri.UnescapeDataString(value));
    }

    private void Add(string value)
    {
        _known.Add(value);
        if (Schemes.FirstOrDefault(scheme => value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            return;
        }

        var credential = value[scheme.Length..].Trim();
        _known.Add(credential);
        var decoded = new byte[credential.Length];
        if (scheme == "Basic " && Convert.TryFromBase64String(credential, decoded, out var length) && Encoding.UTF8.GetString(decoded, 0, length) is var pair
            && pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
        {
            _known.Add(pair);
            _known.Add(pair[(colon + 1)..]);
        }
    }

    private static bool IsTelling(string value) =>
        SecretShape.IsLikely(value) || Schemes.Any(scheme => value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && value.Length > scheme.Length + 6);
}
