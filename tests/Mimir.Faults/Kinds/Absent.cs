using Mimir.Faults.Matrix;

namespace Mimir.Faults.Kinds;

/// <summary>A row of the matrix for which there is nothing to break yet.</summary>
/// <param name="id">Its id.</param>
/// <param name="title">What it is.</param>
/// <param name="why">What is missing.</param>
internal sealed class Absent(string id, string title, string why) : Fault(id, title, 0)
{
    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => why;
}
