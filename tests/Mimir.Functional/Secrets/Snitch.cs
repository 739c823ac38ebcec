using System.Text;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>A child that writes down the environment it was started with, and then is a server like any other.</summary>
internal static class Snitch
{
    private const string Script = "cat /proc/$$/environ > \"$0.$$\" && mv \"$0.$$\" \"$0\"; exec \"$@\"";

    /// <summary>Adds one.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">Its name.</param>
    /// <param name="file">Where it writes.</param>
    /// <param name="more">More keys of the server, without braces.</param>
    /// <param name="env">More of its environment, without braces.</param>
    public static Config Snitches(this Config config, string name, string file, string more = "", string env = "") =>
        config.Child(name, "/bin/sh", ["-c", Script, file, Repository.Wicked, "--script", $"{{\"name\":\"{name}\"}}"], more, env);

    /// <summary>What it wrote.</summary>
    public static Dictionary<string, string> Read(string file) => Encoding.UTF8.GetString(File.ReadAllBytes(file))
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
