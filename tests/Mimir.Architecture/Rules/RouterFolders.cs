namespace Mimir.Architecture.Rules;

/// <summary>Inside Mimir.Router arrows go one way as well. A folder may use what it names here, and whatever those may use.</summary>
internal static class RouterFolders
{
    public const string Root = "Mimir.Router";

    private static readonly Dictionary<string, string[]> Direct = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Files"] = [],
        ["Setup"] = [],
        ["Telemetry"] = ["Model"],
        ["State"] = ["Model"],
        ["Pipeline"] = ["Model", "State", "Telemetry"],
        ["Policies"] = ["Pipeline", "Files"],
        ["Resilience"] = ["Pipeline", "Catalog"],
        ["Upstreams"] = ["Model", "State", "Telemetry"],
        ["Catalog"] = ["Upstreams"],
        ["Bridging"] = ["Upstreams", "State"],
        ["Sessions"] = ["Catalog", "Bridging", "Pipeline"],
        ["Engine"] = ["Sessions", "Policies", "Resilience"],
        ["Listeners"] = ["Engine"],
    };

    /// <summary>The folders the table knows.</summary>
    public static IEnumerable<string> Known => Direct.Keys;

    /// <summary>Whether one folder may name types of another.</summary>
    public static bool Allows(string from, string to) => from == to || Direct[from].Any(next => Allows(next, to));
}
