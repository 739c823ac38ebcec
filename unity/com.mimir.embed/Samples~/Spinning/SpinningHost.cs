using System.Collections.Generic;
using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Unity;
using UnityEngine;

/// <summary>Put it on a cube. An agent sees the cube, moves and recolours it with the tools that are there, and spins it with one of its own.</summary>
public sealed class SpinningHost : McpHostBehaviour
{
    [SerializeField]
    private float degreesPerSecond = 45f;

    /// <inheritdoc/>
    protected override void Configure(McpHost host)
    {
        Exposure.Add<SpinningHost>(nameof(degreesPerSecond));
        host.UseTools(this);
    }

    /// <inheritdoc/>
    protected override IEnumerable<GameObject> ShownRoots() => new[] { gameObject };

    /// <summary>Sets how fast the cube spins.</summary>
    [McpTool(description: "Sets how fast the cube spins.")]
    public void Spin([McpToolParam(description: "Degrees a second.", Minimum = -360, Maximum = 360)] float speed) => degreesPerSecond = speed;

    /// <inheritdoc/>
    protected override void Update()
    {
        base.Update();
        transform.Rotate(0f, degreesPerSecond * Time.deltaTime, 0f);
    }
}
