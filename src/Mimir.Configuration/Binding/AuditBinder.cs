using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Binding;

/// <summary>Reads <c>audit</c>, and the environment variables that hold where the file says nothing: one that is set but empty counts as not set.</summary>
internal static class AuditBinder
{
    private const string PathVariable = "MIMIR_AUDIT_LOG";
    private const string MaxBytesVariable = "MIMIR_AUDIT_MAX_BYTES";
    private const string KeepVariable = "MIMIR_AUDIT_BACKUP_COUNT";
    private static readonly ConfigMark Place = ConfigMark.Whole("the environment");

    /// <summary>Binds what the file says.</summary>
    public static AuditConfig Bind(ConfigNode node, ValueReader values, IssueList issues)
    {
        var audit = new AuditConfig();
        foreach (var (spec, value) in KnownMembers.Of(node, AuditKeys.Table, issues))
        {
            audit = spec.Name switch
            {
                "mode" => audit with { Mode = values.Choice(spec, value) },
                "path" => audit with { Path = values.Text(spec, value) },
                "maxBytes" => audit with { MaxBytes = values.Size(spec, value) },
                "keep" => audit with { Keep = values.Count(spec, value) },
                _ => audit,
            };
        }

        return audit;
    }

    /// <summary>Fills in what the file does not say.</summary>
    public static AuditConfig Fill(AuditConfig audit, ValueReader values, IEnvironment environment) => audit with
    {
        Path = !audit.Path.IsGiven && Find(environment, PathVariable) is { } path ? values.Text(Row("path", PathVariable), path) : audit.Path,
        MaxBytes = !audit.MaxBytes.IsGiven && Find(environment, MaxBytesVariable) is { } size ? values.Size(Row("maxBytes", MaxBytesVariable), size) : audit.MaxBytes,
        Keep = !audit.Keep.IsGiven && Find(environment, KeepVariable) is { } keep ? values.Count(Row("keep", KeepVariable), keep) : audit.Keep,
    };

    private static KeySpec Row(string key, string variable) => AuditKeys.Table.Find(key)! with { Name = variable };

    /// <summary>A variable as a string that holds it: so its value is read, bounded and kept out of messages as in a file.</summary>
    private static ConfigNode? Find(IEnvironment environment, string name) =>
        environment.Get(name) is { Length: > 0 } ? ConfigNode.Scalar(ConfigKind.String, Place, KeyPath.Top.Member(name), $"${{{name}}}") : null;
}
