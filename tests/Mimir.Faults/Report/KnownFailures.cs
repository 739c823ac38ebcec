using Mimir.Faults.Matrix;

namespace Mimir.Faults.Report;

/// <summary>Cells in which the router is known to be wrong, and how. The table shows them as failing; a test of theirs is skipped, not passed.</summary>
internal static class KnownFailures
{
    private static readonly (string Cells, string Reason)[] s_list = [];

    /// <summary>Why a cell fails; null when it has to hold.</summary>
    public static string? Of(Cell cell) => s_list.FirstOrDefault(k => cell.IsMeantBy(k.Cells)).Reason;
}
