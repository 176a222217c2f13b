package flow

// ofModel says whether what the span used and spent went to a model. The sums that agents and
// other wrappers state are of models: what a tool or a machine costs is not in them.
//
//	agent   usage 30          counts: no usage of a model below
//	└─ tool search  0.008 USD counts: it is not in the usage of the agent
func (n *node) ofModel() bool { return n.cost == CostLLM || n.cost == CostEmbedding }

// countsUsage says whether the tokens and the cost of the span count: those of a model where
// no usage lies below and none has counted above, those of a tool where no model runs in it.
func (n *node) countsUsage() bool {
	switch {
	case n.own&nodeUsage == 0:
		return false
	case n.isTool():
		return n.own&nodeCovered == 0 && n.below&FrontierNearUsage == 0
	case n.ofModel() && n.stood()&(StoodUsage|StoodNearUsage) != 0:
		return false
	case n.role == RoleCall:
		return n.below&FrontierNearUsage == 0
	}
	return n.below&FrontierUsage == 0
}

// Ascend visits the spans added that have no form, children before parents, after Resolve. The
// parent is -1 where the batch lacks it.
func (t *Tree) Ascend(visit func(span, parent int)) {
	for _, i := range t.order {
		visit(int(i), int(t.nodes[i].parent))
	}
}
