using System.Collections.Immutable;
using System.Globalization;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Clients;

/// <summary>
/// Turns one server of a client into our words. Only keys that say how a server is reached and what of it is offered are taken;
/// what else the client says is told and left out, and what would be misleading to leave out keeps the server from being imported.
/// </summary>
internal sealed class EntryTranslation
{
    private const string Zed = "zed";

    private static readonly string[] Taken = ["command", "args", "env", "cwd", "url", "headers", "allowedTools", "deniedTools", "startupTimeout", "callTimeout"];

    private readonly ImportClient _client;
    private readonly string? _project;
    private readonly VariableTranslation _variables;
    private readonly KeyPath _path;
    private readonly OrderedDictionary<string, ConfigNode> _keys = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private string? _objection;

    private EntryTranslation(ImportClient client, string? project, ImportSystem system, KeyPath path)
    {
        _client = client;
        _project = project;
        _variables = new VariableTranslation(client.Variables, project, system);
        _path = path;
    }

    /// <summary>Translates.</summary>
    /// <param name="entry">The server as the client has it.</param>
    /// <param name="client">The client.</param>
    /// <param name="project">The folder in which it starts the server; null for no certain one.</param>
    /// <param name="system">Where it runs.</param>
    /// <param name="path">The keys that lead to our entry; null for the top of a file of its own.</param>
    public static Translation Of(ConfigNode entry, ImportClient client, string? project, ImportSystem system, KeyPath? path = null) =>
        new EntryTranslation(client, project, system, path ?? KeyPath.Top).Read(entry);

    private Translation Read(ConfigNode entry)
    {
        if (entry.Kind != ConfigKind.Object)
        {
            Refuse($"its entry must be an object, and is {entry.KindInWords}");
        }

        foreach (var member in entry.Members)
        {
            Read(member);
        }

        if (!_keys.ContainsKey("command") && !_keys.ContainsKey("url"))
        {
            Refuse(_client.Id == Zed ? "it is an extension of Zed, which alone knows how to start it" : "neither command nor url says how it is reached");
        }

        // There its client starts it; here it would start in the folder of the configuration.
        if (_project is not null && _keys.TryGetValue("command", out var command))
        {
            var cwd = _keys.GetValueOrDefault("cwd")?.Text;
            _keys["cwd"] = Text("cwd", cwd is null ? _project : Path.Combine(_project, cwd), command.Mark);
        }

        var members = _keys.Select(key => new ConfigMember(key.Key, key.Value.Mark, key.Value)).ToImmutableArray();
        return new Translation(ConfigNode.Object(entry.Mark, _path, members), _objection ?? _variables.Objection, [.. _notes, .. _variables.Notes]);
    }

    private void Read(ConfigMember member)
    {
        var (name, value) = (member.Name, member.Value);
        switch (name)
        {
            case "command" when value.Kind == ConfigKind.Object:
                // As Zed wrote it at first.
                foreach (var part in value.Members)
                {
                    Read(part.Name == "path" ? part with { Name = "command" } : part);
                }

                break;
            case "source" when _client.Id == Zed:
                break;
            case "type" or "transport":
                ReadType(value);
                break;
            case "disabled" or "enabled" or "isActive":
                ReadSwitch(value, isOn: name != "disabled");
                break;
            case "http_headers":
                Put("headers", value);
                break;
            case "env_http_headers":
                foreach (var header in value.Members)
                {
                    PutEntry("headers", header.Name, $"${{{header.Value.Text}}}", header.Value.Mark);
                }

                break;
            case "bearer_token_env_var":
                PutEntry("headers", "Authorization", $"Bearer ${{{value.Text}}}", value.Mark);
                break;
            case "env_vars" when value.Items.All(item => item.Kind == ConfigKind.String):
                foreach (var variable in value.Items)
                {
                    PutEntry("env", variable.Text, $"${{{variable.Text}:-}}", variable.Mark);
                }

                break;
            case "startup_timeout_sec":
                PutDuration("startupTimeout", value, 1000);
                break;
            case "startup_timeout_ms":
                PutDuration("startupTimeout", value, 1);
                break;
            case "tool_timeout_sec":
                PutDuration("callTimeout", value, 1000);
                break;
            case "timeout" when _client.TimeoutUnit > 0:
                PutDuration("callTimeout", value, _client.TimeoutUnit);
                break;
            default:
                ReadOther(name, value);
                break;
        }
    }

    private void ReadOther(string name, ConfigNode value)
    {
        var spec = ServerKeys.Table.Find(name);
        if (spec is { Use: KeyUse.Refused })
        {
            Refuse($"{name}: {spec.Instead}");
        }
        else if (spec is { Use: KeyUse.Read } && Taken.Contains(spec.Name, StringComparer.Ordinal))
        {
            Put(spec.Name, value);
        }
        else
        {
            var why = spec is { Use: KeyUse.Ignored } && spec.Instead.StartsWith("Remove it: ", StringComparison.Ordinal) ? $": {spec.Instead["Remove it: ".Length..]}"
                : spec is { Use: KeyUse.Ignored } && name == "timeout" ? $": {spec.Instead}"
                : "";
            _notes.Add($"{Legible.Text(name)} is left out{why}");
        }
    }

    private void ReadType(ConfigNode value)
    {
        var spec = ServerKeys.Table.Find("type")!;
        var word = spec.Spellings.FirstOrDefault(spelling => spelling.Written == value.Text)?.Means ?? value.Text;
        if (spec.Choices.Contains(word, StringComparer.Ordinal))
        {
            _keys["type"] = Text("type", word, value.Mark);
        }
        else
        {
            Refuse($"its type is \"{Legible.Text(value.Text)}\", and Mimir knows {string.Join(", ", spec.Choices)}");
        }
    }

    private void ReadSwitch(ConfigNode value, bool isOn)
    {
        if (value.Kind != ConfigKind.Boolean)
        {
            Refuse("what says whether it is enabled is neither true nor false");
        }
        else if (value.Text == "true" != isOn)
        {
            _keys["enabled"] = ConfigNode.Scalar(ConfigKind.Boolean, value.Mark, _path.Member("enabled"), "false");
        }
    }

    private void Put(string key, ConfigNode value)
    {
        if (value.Kind == ConfigKind.Null)
        {
            return;
        }

        if (value.Kind == ConfigKind.Object)
        {
            foreach (var member in value.Members)
            {
                if (Scalar(member.Value) is { } text)
                {
                    PutEntry(key, member.Name, _variables.Translate(text, maySecret: key is "env" or "headers"), member.Value.Mark);
                }
                else
                {
                    Refuse($"{key}.{Legible.Text(member.Name)} must be a string, and is {member.Value.KindInWords}");
                }
            }
        }
        else if (value.Kind == ConfigKind.Array)
        {
            if (value.Items.FirstOrDefault(item => Scalar(item) is null) is { } wrong)
            {
                Refuse($"{key} must hold strings alone, and holds {wrong.KindInWords}");
                return;
            }

            _keys[key] = ConfigNode.Array(value.Mark, _path.Member(key), [.. value.Items.Select(item => Text(key, _variables.Translate(item.Text, maySecret: false), item.Mark))]);
        }
        else
        {
            _keys[key] = value.Kind == ConfigKind.String ? Text(key, _variables.Translate(value.Text, maySecret: false), value.Mark) : value;
        }
    }

    private static string? Scalar(ConfigNode node) => node.Kind is ConfigKind.String or ConfigKind.Number or ConfigKind.Boolean ? node.Text : null;

    private void PutEntry(string key, string name, string text, ConfigMark mark)
    {
        var path = _path.Member(key);
        var value = ConfigNode.Scalar(ConfigKind.String, mark, path.Member(name), text);
        var entries = _keys.GetValueOrDefault(key)?.Members ?? [];
        var old = entries.FirstOrDefault(entry => entry.Name == name);
        var member = new ConfigMember(name, mark, value);
        _keys[key] = ConfigNode.Object(mark, path, old is null ? entries.Add(member) : entries.Replace(old, member));
    }

    private void PutDuration(string key, ConfigNode value, int unit)
    {
        if (value.Kind == ConfigKind.Number
            && decimal.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1_000_000_000)
        {
            _keys[key] = Text(key, string.Create(CultureInfo.InvariantCulture, $"{(long)decimal.Ceiling(number * unit)}ms"), value.Mark);
        }
        else
        {
            _notes.Add($"{key} is left out: it is no duration");
        }
    }

    private ConfigNode Text(string key, string text, ConfigMark mark) => ConfigNode.Scalar(ConfigKind.String, mark, _path.Member(key), text);

    private void Refuse(string objection) => _objection ??= objection;
}
