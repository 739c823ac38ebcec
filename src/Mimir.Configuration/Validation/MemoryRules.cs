using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Validation;

/// <summary>What can be the file of a memory, and how its bounds go together.</summary>
internal sealed class MemoryRules : IConfigValidator
{
    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        ProcessRules.RefuseNul(config.Memory.Path, issues);
        var defaults = new Router.Model.MemoryModel();
        var entry = config.Memory.MaxEntryBytes;
        var whole = config.Memory.MaxBytes.Or(defaults.MaxBytes);

        // A text takes up to six times its bytes where each of its characters is escaped, and what stands around it.
        if ((entry.HasValue || config.Memory.MaxBytes.HasValue) && entry.Or(defaults.MaxEntryBytes) > whole / 8)
        {
            issues.Error(
                (entry.Source ?? config.Memory.MaxBytes.Source)!,
                "one text could fill the memory",
                "Write maxEntryBytes so that it is at most an eighth of maxBytes");
        }
    }
}
