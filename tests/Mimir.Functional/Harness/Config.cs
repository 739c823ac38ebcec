using System.Text;
using System.Text.Json;

namespace Mimir.Functional.Harness;

/// <summary>A configuration in the making.</summary>
internal sealed class Config(Marker marker)
{
    private readonly List<string> _servers = [];
    private readonly Dictionary<string, string> _variables = [];
    private readonly Dictionary<string, string> _files = [];
    private string _naming = "";
    private string _top = "";
    private string _limits = "\"listGrace\":\"20s\"";

    /// <summary>The word that every child carries.</summary>
    public Marker Marker { get; } = marker;

    /// <summary>Environment variables of the router itself.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>Files beside the configuration, which only their owner may read, by name.</summary>
    public IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>Whether the router is given the folder, and not the one file: then it reads plugins and the like.</summary>
    public bool IsFolder => _files.Keys.Any(name => name.Contains('/', StringComparison.Ordinal));

    /// <summary>Whether there is no <c>mimir.json</c>: other files say what there is to say.</summary>
    public bool IsWithoutMain { get; private set; }

    /// <summary>Whether the router is started in the folder of its configuration, where its children then are as well.</summary>
    public bool IsStartedThere { get; private set; }

    /// <summary>Starts the router in the folder of its configuration.</summary>
    public Config StartedThere()
    {
        IsStartedThere = true;
        return this;
    }

    /// <summary>Leaves <c>mimir.json</c> out.</summary>
    public Config WithoutMain()
    {
        IsWithoutMain = true;
        return this;
    }

    /// <summary>Adds a file beside the configuration, or in a folder beside it.</summary>
    public Config File(string name, string text)
    {
        _files[name] = text;
        return this;
    }

    /// <summary>Sets an environment variable of the router itself.</summary>
    public Config Variable(string name, string value)
    {
        _variables[name] = value;
        return this;
    }

    /// <summary>What the router is started by: a program that becomes it, and its arguments. Empty for nothing.</summary>
    public string[] Launcher { get; private set; } = [];

    /// <summary>Has the router started by a program that becomes it.</summary>
    public Config Under(params string[] launcher)
    {
        Launcher = launcher;
        return this;
    }

    /// <summary>More arguments of <c>mimir serve</c>.</summary>
    public string[] Arguments { get; private set; } = [];

    /// <summary>Adds arguments to <c>mimir serve</c>.</summary>
    public Config Serve(params string[] arguments)
    {
        Arguments = [.. Arguments, .. arguments];
        return this;
    }

    /// <summary>Adds a wicked server as a child.</summary>
    /// <param name="name">Its name, also in the script.</param>
    /// <param name="script">Members of its script, without braces.</param>
    /// <param name="more">More keys of the server, without braces.</param>
    public Config Stdio(string name, string script = "", string more = "")
    {
        var text = $"{{\"name\":\"{name}\"{(script.Length == 0 ? "" : "," + script)}}}";
        return Child(name, Repository.Wicked, ["--script", text], more);
    }

    /// <summary>Adds any child.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="command">The program.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="more">More keys of the server, without braces.</param>
    /// <param name="env">More of its environment, without braces.</param>
    public Config Child(string name, string command, string[] args, string more = "", string env = "")
    {
        var quoted = string.Join(',', args.Select(Quote));
        return Add(name, $"\"command\":{Quote(command)},\"args\":[{quoted}],\"env\":{{\"{Marker.Variable}\":\"{Marker.Word}\",\"{Marker.Role}\":\"{name}\"{(env.Length == 0 ? "" : "," + env)}}}", more);
    }

    /// <summary>Adds a server behind a URL.</summary>
    public Config Http(string name, Uri url, string more = "") => Add(name, $"\"url\":{Quote(url.ToString())}", more);

    /// <summary>Sets limits; members, without braces. A list waits 20 s for its servers unless told otherwise here.</summary>
    public Config Limits(string members)
    {
        _limits = members.Contains("listGrace", StringComparison.Ordinal) ? members : _limits + "," + members;
        return this;
    }

    /// <summary>Sets naming; members, without braces.</summary>
    public Config Naming(string members)
    {
        _naming = members;
        return this;
    }

    /// <summary>Adds keys of the whole configuration; members, without braces.</summary>
    public Config Top(string members)
    {
        _top += "," + members;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("{\"mcpServers\":{").AppendJoin(',', _servers).Append('}');
        if (_naming.Length > 0) text.Append(",\"naming\":{").Append(_naming).Append('}');
        return text.Append(",\"limits\":{").Append(_limits).Append('}').Append(_top).Append('}').ToString();
    }

    private static string Quote(string value) => "\"" + JsonEncodedText.Encode(value) + "\"";

    private Config Add(string name, string keys, string more)
    {
        _servers.Add($"{Quote(name)}:{{{keys}{(more.Length == 0 ? "" : "," + more)}}}");
        return this;
    }
}
