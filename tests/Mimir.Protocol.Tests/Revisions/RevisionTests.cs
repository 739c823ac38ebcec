using Mimir.Protocol.Revisions;
using Xunit;

namespace Mimir.Protocol.Tests.Revisions;

public sealed class RevisionTests
{
    /// <summary>One letter a revision, oldest first: + where it is so.</summary>
    public static TheoryData<string, Func<Revision, bool>, string> Rows => new()
    {
        { nameof(Revision.KnowsAudio), r => r.KnowsAudio, "-++++" },
        { nameof(Revision.KnowsResourceLinks), r => r.KnowsResourceLinks, "--+++" },
        { nameof(Revision.KnowsStructuredContent), r => r.KnowsStructuredContent, "--+++" },
        { nameof(Revision.StructuredMustBeObject), r => r.StructuredMustBeObject, "--++-" },
        { nameof(Revision.KnowsCompletionContext), r => r.KnowsCompletionContext, "--+++" },
        { nameof(Revision.KnowsElicitation), r => r.KnowsElicitation, "--+++" },
        { nameof(Revision.KnowsUrlElicitation), r => r.KnowsUrlElicitation, "---++" },
        { nameof(Revision.KnowsSamplingTools), r => r.KnowsSamplingTools, "---++" },
        { nameof(Revision.HasTitledEnums), r => r.HasTitledEnums, "---++" },
        { nameof(Revision.HasSessions), r => r.HasSessions, "++++-" },
        { nameof(Revision.MayBeAsked), r => r.MayBeAsked, "++++-" },
        { nameof(Revision.HasBatches), r => r.HasBatches, "-+---" },
        { nameof(Revision.HasCoreTasks), r => r.HasCoreTasks, "---+-" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_OfEveryRevision_SaysWhatTheSpecificationSays(string name, Func<Revision, bool> ask, string expected) =>
        Assert.Equal((name, expected), (name, string.Concat(Revision.All.Select(r => ask(r) ? '+' : '-'))));
}
